using AnalogHil.Engine.Data;
using AnalogHil.Engine.Quantisation;
using Xunit.Abstractions;

namespace AnalogHil.Engine.Tests.Quantisation;

public sealed class AccuracyTests(ITestOutputHelper output)
{
    // Deterministic, so no false alarm: 0.5 points are 5 images.
    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Forward_EightBitsOnAThousandImages_KeepsTop1WithinHalfAPoint(string model) => Check(model, 1_000, 0.5);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Forward_EightBitsOnWholeTestSet_KeepsTop1Within0Point3(string model) => Check(model, 10_000, 0.3);

    [Theory]
    [InlineData("fashion-lenet")]
    [InlineData("fashion-resnet")]
    public void Forward_FourBitWeights_PerChannelGridsDisturbLogitsLess(string model)
    {
        const int Count = 500;
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        float[] plain = new float[Count * network.Classes];
        network.Forward(Repository.Test.Pixels, Count, plain);
        double Disturbance(WeightGranularity granularity)
        {
            var options = new QuantisationOptions { InputBits = null, WeightBits = 4, WeightGranularity = granularity };
            float[] logits = new float[plain.Length];
            network.Quantised(QuantisationCalibrator.Calibrate(network, Repository.Test.Pixels, 1, options)).Forward(Repository.Test.Pixels, Count, logits);
            return Math.Sqrt(logits.Zip(plain, (a, b) => (double)(a - b) * (a - b)).Average());
        }

        (double tensor, double channel) = (Disturbance(WeightGranularity.PerTensor), Disturbance(WeightGranularity.PerChannel));

        output.WriteLine($"{model}: root mean square change of the logits {tensor:f3} per tensor, {channel:f3} per channel");
        Assert.InRange(channel, 0.01, 0.7 * tensor);
    }

    private void Check(string model, int count, double points)
    {
        OnnxNetwork network = OnnxNetwork.Load(Repository.Model(model));
        LabelledImages calibration = IdxImageSet.Load(Path.Combine(Repository.Root, "data", "fashion-mnist"), ImageSplit.Calibration);
        double plain = Top1(network, count);
        output.WriteLine($"{model}, {count} images: float32 {plain:f2} %");
        foreach (RangeRule rule in new RangeRule[] { new MovingAverageRule(), new PercentileRule() })
        {
            foreach (WeightGranularity granularity in Enum.GetValues<WeightGranularity>())
            {
                var options = new QuantisationOptions { InputRange = rule, WeightGranularity = granularity };
                OnnxNetwork quantised = network.Quantised(QuantisationCalibrator.Calibrate(network, calibration.Pixels, 160, options));

                double top1 = Top1(quantised, count);

                output.WriteLine($"8 / 8 bits, {rule}, weights {granularity}: {top1:f2} %");
                Assert.InRange(top1, plain - points, 100);
            }
        }
    }

    private static double Top1(OnnxNetwork network, int count)
    {
        float[] logits = new float[count * network.Classes];
        network.Forward(Repository.Test.Pixels, count, logits);
        int correct = Enumerable.Range(0, count).Count(i => Classifier.Largest(logits.AsSpan(i * network.Classes, network.Classes)) == Repository.Test.Labels[i]);
        return 100.0 * correct / count;
    }
}
