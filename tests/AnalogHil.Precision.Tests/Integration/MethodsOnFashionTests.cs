using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Engine.Evaluation;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Families;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Integration;

/// <summary>The three methods on a real network with the literature's noise. Fixed set, paired draws: a statement about these images.</summary>
public class MethodsOnFashionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(Granularity.Layer, "Thermal", 1.15)]
    [InlineData(Granularity.Channel, "Shot", 0.3)]
    [Trait("Category", "Long")]
    public void Ours_AtTheEnergyOfTwoPoints_IsOnAParWithThePapersFullRecipeForATwentiethOfItsPasses(Granularity granularity, string law, double mostOfUniform)
    {
        OnnxNetwork network = OnnxNetwork.Load(Embedded.PathOf("models/fashion-lenet.onnx"));
        ReferenceNoiseOptions options = Enum.Parse<ReferenceLawKind>(law) == ReferenceLawKind.Thermal ? ReferenceNoiseOptions.Thermal : ReferenceNoiseOptions.Shot;
        ReferenceNoiseModel noise = ReferenceNoiseModel.Create(network, options, Embedded.Calibration.Pixels, 64);
        var layout = new PlanLayout(network.AnalogNodes, granularity, RedundancyMode.ReadAndAverage);
        var comparison = new FixedSetComparison(network, noise, Part(Embedded.Test, 1000), new FixedSetOptions());
        FixedSetEnergy uniform = comparison.Measure(ShapeFamily.Uniform(layout, 1e-6, 1e9), default);
        output.WriteLine(uniform.Reason);

        var task = new MethodTask(network, noise, layout, Embedded.Calibration);
        double budget = 0.5 * uniform.Energy.Value;
        MethodResult ours = Training.Run(new SensitivityMethod(new SensitivityOptions()), task, budget, null, default);
        MethodResult paper = Training.Run(new PaperMethod(PaperOptions.For(options.Law)), task, budget, null, default);
        FixedSetEnergy oursEnergy = Measure(ours);
        FixedSetEnergy paperEnergy = Measure(paper);
        FixedSetRatio ratio = FixedSetComparison.Ratio(oursEnergy, paperEnergy);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"ours over paper {ratio.Ratio.Value:0.000} ({ratio.Ratio.Interval.Low:0.000} to {ratio.Ratio.Interval.High:0.000}; {FixedSetRatio.Label})"));
        Assert.True(oursEnergy.Reached && paperEnergy.Reached);
        Assert.Equal(2 * 48_032, paper.Cost.Total);
        Assert.True(20 * ours.Cost.Total <= paper.Cost.Total);
        Assert.True(oursEnergy.Energy.Value <= mostOfUniform * uniform.Energy.Value);
        Assert.InRange(ratio.Ratio.Value, 0.5, 1.25);

        FixedSetEnergy Measure(MethodResult result)
        {
            FixedSetEnergy energy = comparison.Measure(new ShapeFamily(result.Method, layout, result.Energy, 1e-6, 1e9), default);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{law} {granularity}: {energy.Reason}; residual between layers {result.LayerResidual:0.00}, {result.Cost.Total} passes, {result.Seconds:0.0} s"));
            return energy;
        }
    }

    private static LabelledImages Part(LabelledImages all, int count) =>
        new(all.Name, all.Shape, all.Slice(0, count).ToArray(), all.Labels[..count]);
}
