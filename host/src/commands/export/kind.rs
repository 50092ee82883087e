//! How the source of firmware says what kind of network a model is.

/// The macro that names the type, and what `embed_model!` takes before the sizes; by the name of the kind of element.
pub fn of(element: &str) -> (&'static str, &'static str) {
    match element {
        "i8" => ("quantized_network", "i8, "),
        "f16" => ("half_network", "f16, "),
        _ => ("network", ""),
    }
}
