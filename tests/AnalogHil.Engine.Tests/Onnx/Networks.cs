namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>Small networks that between them use every layer, with odd sizes, strides, groups and paddings.</summary>
internal static class Networks
{
    public static readonly string[] Names = ["plain", "strided", "grouped", "depthwise", "residual", "pooled", "branched", "shuffled", "curved", "wide"];

    public static ModelWriter Create(string name)
    {
        switch (name)
        {
            case "plain":
                return new ModelWriter(3, 7, 9).Conv(3, 20, 3, pads: [1, 1, 1, 1]).Relu().Conv(20, 6, 3).Relu().Flatten().Gemm(6 * 5 * 7, 10).Relu().Gemm(10, 4);
            case "strided":
                return new ModelWriter(2, 11, 8).Conv(2, 17, 3, stride: 2, pads: [0, 1, 2, 1]).Relu().Conv(17, 9, 1, stride: 2).Relu()
                    .Conv(9, 12, 2, stride: 3, pads: [1, 0, 1, 1]).Flatten().Gemm(12 * 2 * 1, 5);
            case "grouped":
                return new ModelWriter(4, 6, 6).Conv(4, 6, 3, groups: 2, pads: [1, 1, 1, 1]).Relu().Conv(6, 24, 2, groups: 3).Relu()
                    .Conv(24, 48, 3, stride: 2, groups: 2, pads: [1, 1, 1, 1]).Flatten().Gemm(48 * 9, 3);
            case "depthwise":
                return new ModelWriter(1, 8, 8).Conv(1, 19, 3, pads: [1, 1, 1, 1]).Relu().Conv(19, 19, 3, groups: 19, pads: [1, 1, 1, 1]).Relu()
                    .Conv(19, 19, 3, stride: 2, groups: 19, pads: [0, 0, 1, 1]).Relu().Conv(19, 38, 3, groups: 19, pads: [1, 1, 1, 1])
                    .Relu().Flatten().Gemm(38 * 16, 6);
            case "residual":
                ModelWriter w = new ModelWriter(2, 6, 6).Conv(2, 8, 3, pads: [1, 1, 1, 1]).Relu();
                string skip = w.Last;
                w.Conv(8, 8, 3, pads: [1, 1, 1, 1]).Node("Clip", [w.Last, w.Constant([], [-0.1f]), w.Constant([], [0.6f])]);
                w.Conv(8, 8, 1).Node("Add", [w.Last, skip]).Relu();
                skip = w.Last;
                w.Conv(8, 10, 3, stride: 2, pads: [1, 1, 1, 1]);
                string main = w.Last;
                w.From(skip).Conv(8, 10, 1, stride: 2).Node("Add", [main, w.Last]).Relu();
                // Two readers of each value: nothing can be fused here.
                skip = w.Last;
                w.Node("Add", [skip, skip]).Relu();
                return w.Node("GlobalAveragePool", [w.Last]).Flatten().Gemm(10, 4);
            case "pooled":
                ModelWriter p = new ModelWriter(2, 9, 9).Node(
                    "Pad", ["input"], ModelWriter.Text("mode", "constant"), ModelWriter.Ints("pads", 0, 0, 1, 0, 0, 0, 0, 2), ModelWriter.Float("value", 0.5f));
                p.Conv(2, 11, 3, bias: false);
                p.Node("BatchNormalization", [p.Last, p.Constant([11], 0.5f, 1), p.Constant([11], 0.2f), p.Constant([11], 0.2f), p.Constant([11], 0.3f, 1)]).Relu();
                p.Pool("MaxPool", 3, 2, ModelWriter.Ints("pads", 1, 1, 1, 1));
                p.Node("BatchNormalization", [p.Last, p.Constant([11], 0.5f, 1), p.Constant([11], 0.2f), p.Constant([11], 0.2f), p.Constant([11], 0.3f, 1)]);
                p.Pool("AveragePool", 2, 1, ModelWriter.Int("count_include_pad", 1), ModelWriter.Ints("pads", 1, 0, 0, 1)).Relu();
                p.Conv(11, 7, 2).Pool("MaxPool", 2, 1, ModelWriter.Ints("dilations", 2, 2), ModelWriter.Ints("pads", 1, 1, 1, 1));
                p.Pool("AveragePool", 2, 1, ModelWriter.Ints("pads", 1, 1, 0, 0));
                return p.Flatten().Gemm(7 * 3 * 4, 5);
            case "branched":
                ModelWriter b = new ModelWriter(3, 6, 5);
                b.Node("Sub", ["input", b.Constant([1, 3, 1, 1], 0.5f)]).Conv(3, 9, 3, pads: [1, 1, 1, 1]).Relu();
                string trunk = b.Last;
                b.Conv(9, 5, 1).Relu();
                string narrow = b.Last;
                b.From(trunk).Conv(9, 12, 3, stride: 1, pads: [1, 1, 1, 1]);
                b.Node("Concat", [narrow, b.Last, trunk], ModelWriter.Int("axis", 1)).Relu();
                // A shortcut without weights: every second pixel, then channels of zeros before and after.
                trunk = b.Last;
                b.Conv(26, 35, 3, stride: 2, pads: [1, 1, 1, 1]);
                string longWay = b.Last;
                b.From(trunk).Pool("MaxPool", 1, 2).Node("Pad", [b.Last, b.Integers(0, 4, 0, 0, 0, 5, 0, 0)]);
                b.Node("Add", [longWay, b.Last]).Relu();
                b.Node("Pad", [b.Last, b.Integers(0, 1, 0, 1, 0, 0, 1, 0), b.Constant([], [0.25f])]);
                b.Node("Mul", [b.Last, b.Constant([36, 1, 1], 1)]).Node("Sub", [b.Constant([], [0.3f]), b.Last]);
                b.Node("Div", [b.Last, b.Constant([1], [0.7f])]);
                return b.Conv(36, 4, 2).Node("GlobalAveragePool", [b.Last]).Flatten().Gemm(4, 3);
            case "shuffled":
                ModelWriter s = new ModelWriter(2, 5, 4).Conv(2, 12, 3, pads: [1, 1, 1, 1]).Relu();
                s.Node("Split", [s.Last, s.Integers(5, 7)], ModelWriter.Int("axis", 1));
                string[] halves = s.More(1);
                string left = s.From(halves[0]).Conv(5, 5, 3, groups: 5, pads: [1, 1, 1, 1]).Last;
                s.From(halves[1]).Conv(7, 7, 1).Relu();
                s.Node("Concat", [s.Last, left], ModelWriter.Int("axis", -3));
                s.Node("Reshape", [s.Last, s.Integers(-1, 3, 4, 5, 4)]).Node("Transpose", [s.Last], ModelWriter.Ints("perm", 0, 2, 1, 3, 4));
                s.Node("Reshape", [s.Last, s.Integers(0, 12, 5, -1)]).Conv(12, 10, 1).Relu();
                s.Node("Gather", [s.Last, s.Integers(3, 0, 3, -1, 5)], ModelWriter.Int("axis", 1));
                s.Conv(5, 9, 1);
                s.Node("Slice", [s.Last, s.Integers(2), s.Integers(-1), s.Integers(1), s.Integers(2)]).Relu().Conv(3, 6, 1);
                s.Node("ReduceMean", [s.Last], ModelWriter.Ints("axes", 2, -1), ModelWriter.Int("keepdims", 0));
                return s.Gemm(6, 4);
            case "curved":
                ModelWriter c = new ModelWriter(2, 5, 4).Conv(2, 10, 3, pads: [1, 1, 1, 1]);
                string halved = c.Node("Mul", [c.Last, c.Constant([], [0.7f])]).Last;
                c.Node("Erf", [halved]).Node("Add", [c.Last, c.Constant([], [1f])]).Node("Mul", [halved, c.Last]).Conv(10, 9, 1);
                string features = c.Node("LeakyRelu", [c.Last], ModelWriter.Float("alpha", 0.3f)).Last;
                string attention = c.Node("GlobalAveragePool", [features]).Conv(9, 4, 1).Node("Tanh", [c.Last]).Conv(4, 9, 1).Node("Sigmoid", [c.Last]).Last;
                c.Node("Mul", [attention, features]).Conv(9, 8, 2).Node("Softmax", [c.Last], ModelWriter.Int("axis", 1));
                return c.Node("Mul", [c.Last, c.Constant([], [8f])]).Flatten().Gemm(8 * 4 * 3, 5).Node("Softmax", [c.Last]);
            case "wide":
                return new ModelWriter(16, 5, 5).Conv(16, 40, 3, pads: [1, 1, 1, 1]).Relu().Conv(40, 300, 1).Relu().Conv(300, 33, 3).Relu().Flatten().Gemm(33 * 9, 7);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, null);
        }
    }
}
