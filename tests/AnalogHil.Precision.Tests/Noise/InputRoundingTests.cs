using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Mapping;
using AnalogHil.Devices.Simulation;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Push;
using AnalogHil.Precision.Routes;
using AnalogHil.Precision.Tests.Fakes;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Noise;

public class InputRoundingTests(ITestOutputHelper output)
{
    private const int Length = 48;
    private const int Vectors = 6000;
    private static readonly SumNetwork Network = SumNetwork.Random(Length, 6, 1, 1f);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 40)]
    [InlineData(true, 200)]
    [InlineData(false, 1)]
    [InlineData(false, 200)]
    public async Task At_FreshInputsOnACoarseInputConverter_IsTheMeanSquaredErrorOfTheDevice(bool negativeInputs, int repeats)
    {
        // Device minus exact product, squared, over 6000 fresh inputs and 6 channels. With errors as Gaussian sums and channels that share
        // inputs the relative standard error is below sqrt(2 / 6000) / 2 = 0.9 %; 4.5 % is 5 of these. Seeds 1 (weights, device) and 7 (inputs).
        await using var device = new SimulatedDevice(new SimulatedDeviceOptions
        {
            Physics = negativeInputs
                ? new CrossbarPhysics { ReadNoiseMicrosiemens = 0.5, ReceiverNoiseNanoamperes = 200 }
                : new BroadcastAndWeightPhysics { RingJitter = 0.03, AmplifierNoiseNanoamperes = 50 },
            Seed = 1, Rows = 64, Columns = 8, Tiles = 2, DacBits = negativeInputs ? 5 : 4, AdcBits = 0, AdcFullScale = 1000, Threads = 1,
        });
        await device.ArmAsync(1, default);
        NetworkOnDevice onDevice = NetworkOnDevice.Create(Network, device.Capabilities, [new InputRange(-2, 2)]);
        PrecisionPlan plan = new PlanLayout(Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(repeats);
        await device.ProgramAsync(onDevice.Programs, default);
        await PlanPusher.PushAsync(device, onDevice, plan, default);

        var random = new Random(7);
        float[] inputs = [.. Enumerable.Range(0, Vectors * Length).Select(_ => 4 * random.NextSingle() - 2)];
        float[] products = new float[Vectors * Network.Classes];
        var route = new DeviceRoute(onDevice, device, ReadoutCorrection.None(2, 8));
        await route.MultiplyAsync(Network.AnalogNodes[0], 0, inputs, Vectors, products, default);

        NodeNoise law = new NoiseModel(onDevice.Scales, Profile(device)).At(plan)[0];
        NodeNoise withoutRounding = new NoiseModel(onDevice.Scales, Profile(device)).OfRepeatedProducts(plan)[0];
        double[] exact = new double[Network.Classes];
        double measured = 0;
        double expected = 0;
        double fresh = 0;
        for (int v = 0; v < Vectors; v++)
        {
            ReadOnlySpan<float> x = inputs.AsSpan(v * Length, Length);
            for (int c = 0; c < exact.Length; c++)
            {
                exact[c] = 0;
                for (int k = 0; k < Length; k++)
                {
                    exact[c] += (double)Network.AnalogNodes[0].Weights.Span[c * Length + k] * x[k];
                }

                measured += Math.Pow(products[v * exact.Length + c] - exact[c], 2);
                expected += law.Variance.Evaluate(c, x);
                fresh += withoutRounding.Variance.Evaluate(c, x);
            }
        }

        output.WriteLine($"K = {repeats}: device over law {measured / expected:0.000}; over the law without rounding {measured / fresh:0.000}");
        Assert.Equal(1, measured / expected, 0.045);
        Assert.True(repeats == 1 || measured / fresh > 2);
    }

    [Fact]
    public void At_InputConverterWithSteps_HasASlopeThatLeavesThemOut()
    {
        NoiseProfile profile = Scenes.Profile(0.02);
        var ideal = new NoiseModel(Scenes.Scales(Network), profile);
        var stepped = new NoiseModel(Scenes.Scales(Network), profile with { FullScale = profile.FullScale with { InputStep = 0.1 } });
        NodeNoise[] noise = stepped.At([[4]]);
        Assert.NotNull(noise[0].EnergySlope);
        Assert.Equal(ideal.At([[4]])[0].Variance.Constant, noise[0].EnergySlope!.Constant);
        Assert.All(noise[0].Variance.Constant.Zip(noise[0].EnergySlope!.Constant), pair => Assert.True(pair.First > pair.Second));
    }

    private static NoiseProfile Profile(SimulatedDevice device) => new(
        device.Capabilities.FullScale,
        [
            .. device.Truth.Terms.Where(term => term.Value.Sigma > 0).Select(term => new NoiseTermEstimate(
                term.Key,
                new Estimate(term.Value.Sigma, new Interval(term.Value.Sigma, term.Value.Sigma), "1", 1),
                true,
                new AveragingLaw(1 - term.Value.FloorFraction, term.Value.FloorFraction))),
        ]);
}
