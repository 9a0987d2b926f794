using AnalogHil.Engine.Onnx.Wire;

namespace AnalogHil.Engine.Tests.Onnx;

/// <summary>
/// A second, slow implementation in double precision straight from the ONNX definitions: channel, row, column; no folding, no fusion, no
/// packing. What the engine computes is compared with it.
/// </summary>
internal sealed class ReferenceNetwork(ModelProto model)
{
    private readonly Dictionary<string, float[]> _constants = model.Graph.Initializer.ToDictionary(t => t.Name, t => t.FloatData.ToArray());
    private readonly Dictionary<string, int[]> _integers = model.Graph.Initializer.ToDictionary(t => t.Name, t => t.Int64Data.Select(v => (int)v).ToArray());
    private readonly Dictionary<string, int[]> _split = [];
    private readonly Dictionary<string, long[]> _dims = model.Graph.Initializer.ToDictionary(t => t.Name, t => t.Dims.ToArray());

    private Dictionary<string, NodeProto>? _products;

    /// <summary>Changes the folded output of a product, [channels x positions].</summary>
    /// <param name="product">Name of the product.</param>
    /// <param name="patch">Its patch by (group, position), in the engine's order.</param>
    /// <param name="values">To be changed.</param>
    public delegate void ProductNoise(string product, Func<int, int, double[]> patch, double[] values);

    /// <summary>
    /// Output of the network for one image [C x H x W], optionally with one element of the output of the node <paramref name="perturbed"/> changed, or
    /// with noise on every product.
    /// </summary>
    public double[] Run(ReadOnlySpan<float> image, string? perturbed = null, int element = 0, double change = 0, ProductNoise? noise = null)
    {
        _products ??= model.Graph.Node.Where(node => node.OpType is "Conv" or "Gemm").ToDictionary(node => Folded(node.Name));
        long[] input = [.. model.Graph.Input[0].Type.TensorType.Shape.Dim.Skip(1).Select(dim => dim.DimValue)];
        var values = new Dictionary<string, Map> { ["input"] = new([.. image.ToArray().Select(x => (double)x)], (int)input[0], (int)input[1], (int)input[2]) };
        foreach (NodeProto node in model.Graph.Node)
        {
            Map result = Compute(node, values);
            if (node.Name == perturbed)
            {
                result.Values[element] += change;
            }

            if (noise is not null && _products.TryGetValue(node.Name, out NodeProto? product))
            {
                noise(product.Name, (group, position) => Patch(product, values[product.Input[0]], group, position), result.Values);
            }

            values[node.Output[0]] = result;
            if (node.OpType == "Split")
            {
                values[node.Output[1]] = Channels(values[node.Input[0]], Enumerable.Range(_integers[node.Input[1]][0], _integers[node.Input[1]][1]));
            }
        }

        return values[model.Graph.Output[0].Name].Values;
    }

    /// <summary>The node whose output is the folded product of <paramref name="product"/>: the normalisation or constant factor behind it, or itself.</summary>
    public string Folded(string product)
    {
        string output = model.Graph.Node.First(node => node.Name == product).Output[0];
        return model.Graph.Node.FirstOrDefault(node => (node.OpType == "BatchNormalization" || node.OpType == "Mul" && _constants.ContainsKey(node.Input[1])) && node.Input[0] == output)?.Name ?? product;
    }

    private Map Compute(NodeProto node, Dictionary<string, Map> values)
    {
        Map x = node.Input.Where(values.ContainsKey).Select(name => values[name]).First();
        switch (node.OpType)
        {
            case "Split":
                return Channels(x, Enumerable.Range(0, _integers[node.Input[1]][0]));
            case "Gather":
                return Channels(x, _integers[node.Input[1]].Select(c => c < 0 ? c + x.C : c));
            case "Slice":
                int[] range = [.. node.Input.Skip(1).Select(name => _integers[name][0])];
                return Channels(x, Enumerable.Range(0, x.C).Where(c => c >= range[0] && c < x.C + range[1] && (c - range[0]) % range[3] == 0));
            case "Reshape":
                _split[node.Output[0]] = _integers[node.Input[1]][1..3];
                return x;
            case "Transpose":
                int[] split = _split[node.Input[0]];
                return Channels(x, Enumerable.Range(0, x.C).Select(c => c % split[0] * split[1] + c / split[0]));
            case "Erf":
                return x.Each(MathNet.Numerics.SpecialFunctions.Erf);
            case "LeakyRelu":
                return x.Each(v => v > 0 ? v : node.Attribute[0].F * v);
            case "Sigmoid":
                return x.Each(v => 1 / (1 + Math.Exp(-v)));
            case "Tanh":
                return x.Each(Math.Tanh);
            case "Softmax":
                double[] sums = [.. Enumerable.Range(0, x.H * x.W).Select(p => x.Values.Where((_, i) => i % (x.H * x.W) == p).Sum(Math.Exp))];
                return new Map([.. x.Values.Select((v, i) => Math.Exp(v) / sums[i % (x.H * x.W)])], x.C, x.H, x.W);
            case "Mul" when node.Input.All(values.ContainsKey):
                Map[] both = [.. node.Input.Select(name => values[name]).OrderByDescending(map => map.Values.Length)];
                return new Map([.. both[0].Values.Select((v, i) => v * both[1].Values[both[1].Values.Length == both[0].Values.Length ? i : i / (both[0].H * both[0].W)])], both[0].C, both[0].H, both[0].W);
            case "Add" when node.Input.Any(_constants.ContainsKey):
                return x.Each(v => v + _constants[node.Input[1]][0]);
            case "Sub" or "Mul" or "Div":
                return Arithmetic(node, x);
            case "Concat":
                return new Map([.. node.Input.SelectMany(name => values[name].Values)], node.Input.Sum(name => values[name].C), x.H, x.W);
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
            case "GlobalAveragePool" or "ReduceMean":
                return new Map([.. Enumerable.Range(0, x.C).Select(c => x.Values.Skip(c * x.H * x.W).Take(x.H * x.W).Average())], x.C, 1, 1);
            case "Flatten":
                return new Map([.. x.Values], x.Values.Length, 1, 1);
            case "Pad":
                return node.Input.Count == 1
                    ? Pad(x, [.. node.Attribute.First(a => a.Name == "pads").Ints.Select(v => (int)v)], node.Attribute.First(a => a.Name == "value").F)
                    : Pad(x, _integers[node.Input[1]], node.Input.Count > 2 ? _constants[node.Input[2]][0] : 0);
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

    private double[] Patch(NodeProto product, Map x, int group, int position)
    {
        if (product.OpType == "Gemm")
        {
            return x.Values;
        }

        long[] dims = _dims[product.Input[1]];
        (int inputs, int kh, int kw) = ((int)dims[1], (int)dims[2], (int)dims[3]);
        int[] stride = Ints(product, "strides", [1, 1]);
        int[] pads = Ints(product, "pads", [0, 0, 0, 0]);
        int w = (x.W + pads[1] + pads[3] - kw) / stride[1] + 1;
        double[] patch = new double[kh * kw * inputs];
        for (int k = 0; k < patch.Length; k++)
        {
            (int ky, int kx, int c) = (k / (kw * inputs), k / inputs % kw, k % inputs);
            patch[k] = x.At(group * inputs + c, position / w * stride[0] - pads[0] + ky, position % w * stride[1] - pads[1] + kx).Value;
        }

        return patch;
    }

    private static Map Pool(NodeProto node, Map x, Func<(double Value, bool Inside)[], double> reduce)
    {
        int[] kernel = Ints(node, "kernel_shape", []);
        int[] stride = Ints(node, "strides", [1, 1]);
        int[] pads = Ints(node, "pads", [0, 0, 0, 0]);
        int[] apart = Ints(node, "dilations", [1, 1]);
        int h = (x.H + pads[0] + pads[2] - (kernel[0] - 1) * apart[0] - 1) / stride[0] + 1;
        int w = (x.W + pads[1] + pads[3] - (kernel[1] - 1) * apart[1] - 1) / stride[1] + 1;
        double[] values = new double[x.C * h * w];
        for (int i = 0; i < values.Length; i++)
        {
            (int c, int oy, int ox) = (i / (h * w), i / w % h, i % w);
            values[i] = reduce([.. from ky in Enumerable.Range(0, kernel[0])
                from kx in Enumerable.Range(0, kernel[1])
                select x.At(c, oy * stride[0] - pads[0] + ky * apart[0], ox * stride[1] - pads[1] + kx * apart[1])]);
        }

        return new Map(values, x.C, h, w);
    }

    private static Map Pad(Map x, int[] pads, double value)
    {
        int c = x.C + pads[1] + pads[5];
        int h = x.H + pads[2] + pads[6];
        int w = x.W + pads[3] + pads[7];
        double[] values = new double[c * h * w];
        for (int i = 0; i < values.Length; i++)
        {
            int channel = i / (h * w) - pads[1];
            (double inside, bool isInside) = channel < 0 || channel >= x.C ? (0, false) : x.At(channel, i / w % h - pads[2], i % w - pads[3]);
            values[i] = isInside ? inside : value;
        }

        return new Map(values, c, h, w);
    }

    private static Map Channels(Map x, IEnumerable<int> channels)
    {
        int[] picked = [.. channels];
        return new Map([.. picked.SelectMany(c => x.Values.Skip(c * x.H * x.W).Take(x.H * x.W))], picked.Length, x.H, x.W);
    }

    private Map Arithmetic(NodeProto node, Map x)
    {
        bool constantFirst = _constants.ContainsKey(node.Input[0]);
        float[] constant = _constants[node.Input[constantFirst ? 0 : 1]];
        return new Map([.. x.Values.Select((value, i) =>
        {
            double c = constant[constant.Length == 1 ? 0 : i / (x.H * x.W)];
            (double a, double b) = constantFirst ? (c, value) : (value, c);
            return node.OpType switch { "Sub" => a - b, "Mul" => a * b, _ => a / b };
        })], x.C, x.H, x.W);
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
