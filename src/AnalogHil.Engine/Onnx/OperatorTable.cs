using System.Collections.Frozen;
using AnalogHil.Engine.Graph.Operations;
using AnalogHil.Engine.Onnx.Operators.Arithmetic;
using AnalogHil.Engine.Onnx.Operators.Products;
using AnalogHil.Engine.Onnx.Operators.Reductions;
using AnalogHil.Engine.Onnx.Operators.Shaping;
using AnalogHil.Engine.Onnx.Operators.Values;

namespace AnalogHil.Engine.Onnx;

/// <summary>Every operator that the engine can import.</summary>
internal static class OperatorTable
{
    private static readonly FrozenDictionary<string, OperatorImporter> Importers = new OperatorImporter[]
    {
        new AddImporter(),
        new AveragePoolImporter(),
        new BatchNormalizationImporter(),
        new CastImporter(),
        new ClipImporter(),
        new ConcatImporter(),
        new ConstantImporter(),
        new ConstantOfShapeImporter(),
        new ConvImporter(),
        new DivImporter(),
        new ComparisonImporter("Equal", BroadcastKind.Equal),
        new DropoutImporter(),
        new CurveImporter("Erf", Curve.Erf),
        new ExpandImporter(),
        new FlattenImporter(),
        new GatherImporter(),
        new GeluImporter(),
        new GemmImporter(),
        new GlobalAveragePoolImporter(),
        new ComparisonImporter("Greater", BroadcastKind.Greater),
        new IdentityImporter(),
        new LayerNormalizationImporter(),
        new CurveImporter("LeakyRelu", Curve.LeakyRelu, "alpha"),
        new ComparisonImporter("Less", BroadcastKind.Less),
        new MatMulImporter(),
        new MaxPoolImporter(),
        new MulImporter(),
        new NotImporter(),
        new PadImporter(),
        new PowImporter(),
        new ReduceMeanImporter(),
        new ReluImporter(),
        new ReshapeImporter(),
        new ShapeImporter(),
        new CurveImporter("Sigmoid", Curve.Sigmoid),
        new SliceImporter(),
        new SoftmaxImporter(),
        new SplitImporter(),
        new CurveImporter("Sqrt", Curve.SquareRoot),
        new SqueezeImporter(),
        new SubImporter(),
        new CurveImporter("Tanh", Curve.Tanh),
        new TransposeImporter(),
        new UnsqueezeImporter(),
        new WhereImporter(),
    }.ToFrozenDictionary(importer => importer.Operator);

    /// <summary>Names of all supported operators, sorted.</summary>
    public static IEnumerable<string> Names => Importers.Keys.Order(StringComparer.Ordinal);

    /// <summary>The importer of a node.</summary>
    /// <exception cref="ModelImportException">The operator, its domain or its version is not supported.</exception>
    public static OperatorImporter Find(string name, string operatorName, string domain, long opset)
    {
        if (domain is not ("" or "ai.onnx") || !Importers.TryGetValue(operatorName, out OperatorImporter? importer))
        {
            string qualified = domain is "" or "ai.onnx" ? operatorName : $"{domain}.{operatorName}";
            throw new ModelImportException(
                $"node '{name}': operator {qualified} (opset {opset}) is not supported; supported are {string.Join(", ", Names)}. "
                + "Simplify the export (constant folding, evaluation mode) or replace the operator in the model");
        }

        if (opset < importer.FirstOpset || opset > importer.LastOpset)
        {
            throw new ModelImportException(
                $"node '{name}': operator {operatorName} of opset {opset} is not supported; supported are opsets {importer.FirstOpset} to "
                    + $"{importer.LastOpset}. "
                + $"Export the model with opset_version={Math.Clamp(13, importer.FirstOpset, importer.LastOpset)}");
        }

        return importer;
    }
}
