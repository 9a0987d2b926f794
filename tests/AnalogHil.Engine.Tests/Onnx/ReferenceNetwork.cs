using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>
/// A second, slow implementation in double precision straight from the ONNX definitions: channel, row, column; no folding, no fusion, no
/// packing. What the engine computes is compared with it.
/// </summary>
internal sealed class ReferenceNetwork(ModelProto model)
{
    private readonly Dictionary<string, float[]> _constants = model.Graph.Initializer.ToDictionary(t => t.Name, t => t.FloatData.ToArray());
    private readonly Dictionary<string, long[]> _dims = model.Graph.Initializer.ToDictionary(t => t.Name, t => t.Dims.ToArray());

    /// <summary>Output of the network for one image [C x H x W], optionally with one element of the output of the node <paramref name="perturbed"/> changed.</summary>
    public double[] Run(ReadOnlySpan<float> image, string? perturbed = null, int element = 0, double change = 0)
    {
        long[] input = [.. model.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(1).Select(dim => dim.DimValue)];
        var values = new Dictionary<string, Map> { ["input"] = new([.. image.ToArray().Select(x => (double)x)], (int)input[0], (int)input[1], (int)input[2]) };
        foreach (NodeProto node in model.Graph.Node)
        {
            Map result = Compute(node, values);
            if (node.Name == perturbed)
            {
                result.Values[element] += change;
            }

            values[node.Output[0]] = result;
        }

        return values[model.Graph.Output[0].Name].Values;
    }

    /// <summary>The node whose output is the folded product of <paramref name="product"/>: the normalisation behind it, or itself.</summary>
    public string Folded(string product)
    {
        string output = model.Graph.Node.First(node => node.Name == product).Output[0];
        return model.Graph.Node.FirstOrDefault(node => node.OpType == "BatchNormalization" && node.Input[0] == output)?.Name ?? product;
    }

    private Map Compute(NodeProto node, Dictionary<string, Map> values)
    {
        Map x = values[node.Input[0]];
        switch (node.OpType)
        {
            case "Conv":
                return Conv(node, x);
            case "Relu":
                return x.Each(v => Math.Max(v, 0));
            case "Clip":
                return x.Each(v => Math.Clamp(v, _constants[node.Input[1]][0], _constants[node.Input[2]][0]));
            case "Add":
                return new Map([.. x.Values.Zip(values[node.Input[1]].Values, (a, b) => a + b)], x.C, x.H, x.W);
            case "BatchNormalization":
                float[][] p = [.. node.Input.Skip(1).Select(name => _constants[name])];
                return new Map([.. x.Values.Select((v, i) =>
                {
                    int c = i / (x.H * x.W);
                    return p[0][c] * (v - p[2][c]) / Math.Sqrt(p[3][c] + 1e-5) + p[1][c];
                })], x.C, x.H, x.W);
            case "MaxPool":
                return Pool(node, x, taps => taps.Where(t => t.Inside).Max(t => t.Value));
            case "AveragePool":
                bool padding = Ints(node, "count_include_pad", [0])[0] != 0;
                return Pool(node, x, taps => taps.Sum(t => t.Value) / taps.Count(t => t.Inside || padding));
            case "GlobalAveragePool":
                return new Map([.. Enumerable.Range(0, x.C).Select(c => x.Values.Skip(c * x.H * x.W).Take(x.H * x.W).Average())], x.C, 1, 1);
            case "Flatten":
                return new Map([.. x.Values], x.Values.Length, 1, 1);
            case "Pad":
                return Pad(x, [.. node.Attribute.First(a => a.Name == "pads").Ints.Select(v => (int)v)], node.Attribute.First(a => a.Name == "value").F);
            case "Gemm":
                float[] w = _constants[node.Input[1]];
                float[] b = _constants[node.Input[2]];
                return new Map([.. b.Select((bias, o) => bias + x.Values.Select((v, k) => v * w[o * x.C + k]).Sum())], b.Length, 1, 1);
            default:
                throw new NotSupportedException(node.OpType);
        }
    }

    private Map Conv(NodeProto node, Map x)
    {
        long[] dims = _dims[node.Input[1]];
        float[] weights = _constants[node.Input[1]];
        float[]? bias = node.Input.Count > 2 ? _constants[node.Input[2]] : null;
        (int outputs, int inputs, int kh, int kw) = ((int)dims[0], (int)dims[1], (int)dims[2], (int)dims[3]);
        int[] stride = Ints(node, "strides", [1, 1]);
        int[] pads = Ints(node, "pads", [0, 0, 0, 0]);
        int groupOutputs = outputs / Ints(node, "group", [1])[0];
        int h = (x.H + pads[0] + pads[2] - kh) / stride[0] + 1;
        int w = (x.W + pads[1] + pads[3] - kw) / stride[1] + 1;
        var y = new Map(new double[outputs * h * w], outputs, h, w);
        for (int i = 0; i < y.Values.Length; i++)
        {
            (int o, int oy, int ox) = (i / (h * w), i / w % h, i % w);
            double sum = bias?[o] ?? 0;
            for (int k = 0; k < inputs * kh * kw; k++)
            {
                (int c, int ky, int kx) = (k / (kh * kw), k / kw % kh, k % kw);
                sum += weights[o * inputs * kh * kw + k]
                    * x.At(o / groupOutputs * inputs + c, oy * stride[0] - pads[0] + ky, ox * stride[1] - pads[1] + kx).Value;
            }

            y.Values[i] = sum;
        }

        return y;
    }

    private static Map Pool(NodeProto node, Map x, Func<(double Value, bool Inside)[], double> reduce)
    {
        int[] kernel = Ints(node, "kernel_shape", []);
        int[] stride = Ints(node, "strides", [1, 1]);
        int[] pads = Ints(node, "pads", [0, 0, 0, 0]);
        int h = (x.H + pads[0] + pads[2] - kernel[0]) / stride[0] + 1;
        int w = (x.W + pads[1] + pads[3] - kernel[1]) / stride[1] + 1;
        double[] values = new double[x.C * h * w];
        for (int i = 0; i < values.Length; i++)
        {
            (int c, int oy, int ox) = (i / (h * w), i / w % h, i % w);
            values[i] = reduce([.. from ky in Enumerable.Range(0, kernel[0])
                from kx in Enumerable.Range(0, kernel[1])
                select x.At(c, oy * stride[0] - pads[0] + ky, ox * stride[1] - pads[1] + kx)]);
        }

        return new Map(values, x.C, h, w);
    }

    private static Map Pad(Map x, int[] pads, double value)
    {
        int h = x.H + pads[2] + pads[6];
        int w = x.W + pads[3] + pads[7];
        double[] values = new double[x.C * h * w];
        for (int i = 0; i < values.Length; i++)
        {
            (double inside, bool isInside) = x.At(i / (h * w), i / w % h - pads[2], i % w - pads[3]);
            values[i] = isInside ? inside : value;
        }

        return new Map(values, x.C, h, w);
    }

    private static int[] Ints(NodeProto node, string name, int[] fallback)
    {
        AttributeProto? attribute = node.Attribute.FirstOrDefault(a => a.Name == name);
        return attribute is null ? fallback : attribute.Ints.Count > 0 ? [.. attribute.Ints.Select(v => (int)v)] : [(int)attribute.I];
    }

    private sealed record Map(double[] Values, int C, int H, int W)
    {
        public (double Value, bool Inside) At(int c, int y, int x) =>
            y >= 0 && y < H && x >= 0 && x < W ? (Values[(c * H + y) * W + x], true) : (0, false);

        public Map Each(Func<double, double> f) => new([.. Values.Select(f)], C, H, W);
    }
}
