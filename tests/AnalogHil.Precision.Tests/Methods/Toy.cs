using AnalogHil.Core.Plans;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.Methods;

/// <summary>Six products of equal cost whose weights, and with them their noise, differ by a factor of ten: s goes with the square of the weight's span, the best E with the span.</summary>
internal static class Toy
{
    public static SumNetwork Network { get; } = SumNetwork.Random(12, 6, 1, 0.3f, 0.5f, 0.8f, 1.2f, 2f, 3f);

    public static LabelledImages Images { get; } = Pictures.For(Network, 2000, 3);

    public static ReferenceNoiseModel Noise { get; } =
        ReferenceNoiseModel.Create(Network, ReferenceNoiseOptions.Weight, Images.Pixels, 64);

    public static MethodTask Task(Granularity granularity = Granularity.Layer) => new(
        Network, Noise, new PlanLayout(Network.AnalogNodes, granularity, RedundancyMode.ReadAndAverage), Images);
}
