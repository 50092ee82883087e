//! ONNX, a graph that other runtimes run: for each layer a `Gemm` and a `Sigmoid`. Written only.
//!
//! The messages are the part of <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto> that such a graph needs, with
//! its field numbers. The input `image` has the shape [images, 784], pixels as numbers in [0, 1]; the output
//! `activations` has the shape [images, 10]. A network of readings has the input `readings`, as they were measured: `Sub`,
//! `Mul` and `Clip` scale them. What is known of the data stands in the metadata, under the name `smidgen` as JSON, and the
//! names of the classes under `classes`.

use prost::Message;

use super::portable::Portable;
use super::tensors::{Part, Tensor, tensor_name, tensors};

/// The version of the file format, of 2021.
const IR_VERSION: i64 = 8;
/// The version of the operators; `Gemm` and `Sigmoid` are as they were in it.
const OPSET: i64 = 13;
/// `TensorProto.DataType.FLOAT`.
const FLOAT: i32 = 1;
/// `AttributeProto.AttributeType.INT`.
const INT: i32 = 2;
/// The name of the input.
const INPUT: &str = "image";
/// The name of an input of readings.
const READINGS: &str = "readings";
/// The readings that become 0.
const LOW: &str = "low";
/// One over the widths of the ranges.
const FACTOR: &str = "factor";
/// The least input.
const ZERO: &str = "zero";
/// The greatest input.
const ONE: &str = "one";
/// The name of the output.
const OUTPUT: &str = "activations";

#[derive(Message)]
struct ModelProto {
    #[prost(int64, tag = "1")]
    ir_version: i64,
    #[prost(string, tag = "2")]
    producer_name: String,
    #[prost(string, tag = "3")]
    producer_version: String,
    #[prost(string, tag = "6")]
    doc_string: String,
    #[prost(message, optional, tag = "7")]
    graph: Option<GraphProto>,
    #[prost(message, repeated, tag = "8")]
    opset_import: Vec<OperatorSetIdProto>,
    #[prost(message, repeated, tag = "14")]
    metadata_props: Vec<StringStringEntryProto>,
}

#[derive(Message)]
struct StringStringEntryProto {
    #[prost(string, tag = "1")]
    key: String,
    #[prost(string, tag = "2")]
    value: String,
}

#[derive(Message)]
struct OperatorSetIdProto {
    #[prost(string, tag = "1")]
    domain: String,
    #[prost(int64, tag = "2")]
    version: i64,
}

#[derive(Message)]
struct GraphProto {
    #[prost(message, repeated, tag = "1")]
    node: Vec<NodeProto>,
    #[prost(string, tag = "2")]
    name: String,
    #[prost(message, repeated, tag = "5")]
    initializer: Vec<TensorProto>,
    #[prost(message, repeated, tag = "11")]
    input: Vec<ValueInfoProto>,
    #[prost(message, repeated, tag = "12")]
    output: Vec<ValueInfoProto>,
}

#[derive(Message)]
struct NodeProto {
    #[prost(string, repeated, tag = "1")]
    input: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    output: Vec<String>,
    #[prost(string, tag = "3")]
    name: String,
    #[prost(string, tag = "4")]
    op_type: String,
    #[prost(message, repeated, tag = "5")]
    attribute: Vec<AttributeProto>,
}

#[derive(Message)]
struct AttributeProto {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(int64, tag = "3")]
    i: i64,
    #[prost(int32, tag = "20")]
    r#type: i32,
}

#[derive(Message)]
struct TensorProto {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    dims: Vec<i64>,
    #[prost(int32, tag = "2")]
    data_type: i32,
    #[prost(string, tag = "8")]
    name: String,
    #[prost(bytes = "vec", tag = "9")]
    raw_data: Vec<u8>,
}

#[derive(Message)]
struct ValueInfoProto {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(message, optional, tag = "2")]
    r#type: Option<TypeProto>,
}

#[derive(Message)]
struct TypeProto {
    #[prost(message, optional, tag = "1")]
    tensor_type: Option<TensorType>,
}

#[derive(Message)]
struct TensorType {
    #[prost(int32, tag = "1")]
    elem_type: i32,
    #[prost(message, optional, tag = "2")]
    shape: Option<TensorShapeProto>,
}

#[derive(Message)]
struct TensorShapeProto {
    #[prost(message, repeated, tag = "1")]
    dim: Vec<Dimension>,
}

#[derive(Message)]
struct Dimension {
    #[prost(int64, optional, tag = "1")]
    dim_value: Option<i64>,
    #[prost(string, optional, tag = "2")]
    dim_param: Option<String>,
}

/// The bytes of a file with the network.
#[must_use]
pub fn encode(network: &Portable) -> Vec<u8> {
    let sizes = network.sizes();
    let value =
        |name: &str, size: Option<&usize>| vec![images(name, size.copied().unwrap_or_default())];
    let graph = GraphProto {
        node: nodes(network),
        name: "smidgen".into(),
        initializer: scaling(network)
            .into_iter()
            .chain(tensors(&network.layers))
            .map(initializer)
            .collect(),
        input: value(input(network), sizes.first()),
        output: value(OUTPUT, sizes.last()),
    };
    let model = ModelProto {
        ir_version: IR_VERSION,
        producer_name: "smidgen".into(),
        producer_version: env!("CARGO_PKG_VERSION").into(),
        doc_string: network.note.clone().unwrap_or_default(),
        graph: Some(graph),
        opset_import: vec![OperatorSetIdProto {
            domain: String::new(),
            version: OPSET,
        }],
        metadata_props: metadata(network),
    };
    model.encode_to_vec()
}

/// The name of the input.
fn input(network: &Portable) -> &'static str {
    if network.about.is_table() {
        READINGS
    } else {
        INPUT
    }
}

/// What is known of the data.
fn metadata(network: &Portable) -> Vec<StringStringEntryProto> {
    let about = &network.about;
    let entry = |key: &str, value: Option<String>| {
        let key = key.to_owned();
        value.map(|value| StringStringEntryProto { key, value })
    };
    let classes = serde_json::to_string(&about.classes).ok();
    let classes = classes.filter(|_| !about.classes.is_empty());
    [entry("classes", classes), entry("smidgen", about.json())]
        .into_iter()
        .flatten()
        .collect()
}

/// The tensors that scale readings; none where nothing is scaled.
fn scaling(network: &Portable) -> Vec<Tensor<'static>> {
    let Some(scaling) = &network.about.scaling else {
        return Vec::new();
    };
    let columns = &scaling.columns;
    let tensor = |name: &str, shape, values: Vec<f32>| Tensor {
        name: name.into(),
        shape,
        values: values.into(),
    };
    vec![
        tensor(
            LOW,
            vec![columns.len()],
            columns.iter().map(|column| column.0).collect(),
        ),
        tensor(
            FACTOR,
            vec![columns.len()],
            columns.iter().map(|column| column.1).collect(),
        ),
        tensor(ZERO, Vec::new(), vec![0.0]),
        tensor(ONE, Vec::new(), vec![1.0]),
    ]
}

/// x = clamp((reading − low) · factor, 0, 1), in three steps.
fn scaling_nodes() -> Vec<NodeProto> {
    let node = |operator: &str, input: &[&str], output: &str| NodeProto {
        input: input.iter().map(|&name| name.into()).collect(),
        output: vec![output.into()],
        name: operator.to_lowercase(),
        op_type: operator.into(),
        attribute: Vec::new(),
    };
    vec![
        node("Sub", &[READINGS, LOW], "above_low"),
        node("Mul", &["above_low", FACTOR], "scaled"),
        node("Clip", &["scaled", ZERO, ONE], "x"),
    ]
}

/// z = a Wᵀ + b and a = σ(z) for each layer, numbered as PyTorch numbers the members of a `Sequential`; before them what
/// scales readings.
fn nodes(network: &Portable) -> Vec<NodeProto> {
    let layers = network.layers.len();
    let mut nodes = Vec::new();
    let mut input = input(network).to_owned();
    if network.about.scaling.is_some() {
        nodes = scaling_nodes();
        input = "x".into();
    }
    for layer in 0..layers {
        let (z, a) = (format!("z{}", layer + 1), format!("a{}", layer + 1));
        let a = if layer + 1 == layers {
            OUTPUT.into()
        } else {
            a
        };
        nodes.push(NodeProto {
            input: vec![
                input,
                tensor_name(layer, Part::Weight),
                tensor_name(layer, Part::Bias),
            ],
            output: vec![z.clone()],
            name: (2 * layer).to_string(),
            op_type: "Gemm".into(),
            attribute: vec![AttributeProto {
                name: "transB".into(),
                i: 1,
                r#type: INT,
            }],
        });
        nodes.push(NodeProto {
            input: vec![z],
            output: vec![a.clone()],
            name: (2 * layer + 1).to_string(),
            op_type: "Sigmoid".into(),
            attribute: Vec::new(),
        });
        input = a;
    }
    nodes
}

fn initializer(tensor: Tensor) -> TensorProto {
    TensorProto {
        dims: tensor.shape.iter().map(|&size| size as i64).collect(),
        data_type: FLOAT,
        raw_data: tensor.bytes(),
        name: tensor.name,
    }
}

/// A value of any number of images with `size` numbers each.
fn images(name: &str, size: usize) -> ValueInfoProto {
    let any = Dimension {
        dim_value: None,
        dim_param: Some("images".into()),
    };
    let fixed = Dimension {
        dim_value: Some(size as i64),
        dim_param: None,
    };
    let shape = Some(TensorShapeProto {
        dim: vec![any, fixed],
    });
    let tensor_type = Some(TensorType {
        elem_type: FLOAT,
        shape,
    });
    ValueInfoProto {
        name: name.into(),
        r#type: Some(TypeProto { tensor_type }),
    }
}
