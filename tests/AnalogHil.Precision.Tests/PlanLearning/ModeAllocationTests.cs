using System.Collections.Immutable;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Devices.Contract;
using AnalogHil.Engine.Data;
using AnalogHil.Precision.Allocation;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Tests.Allocation;
using AnalogHil.Precision.Tests.Fakes;

namespace AnalogHil.Precision.Tests.PlanLearning;

/// <summary>What is told of a plan after its modes were chosen.</summary>
public sealed class ModeAllocationTests
{
    private const int Images = 1000;

    [Theory]
    [InlineData(0, true)]
    [InlineData(50, false)]
    public void Choose_ThePlanWithModes_IsReachableByItsOwnDrop(int lost, bool reachable)
    {
        SumNetwork network = SumNetwork.Random(12, 6, 1, 1f, 0.5f);
        DeviceCapabilities device = FakeDevice.Caps() with
        {
            EnergyPerMac = 1e-15,
            EnergyPerAdcConversion = 1e-12,
            MaxRepeats = ImmutableDictionary.CreateRange<RedundancyMode, int>(
                [new(RedundancyMode.AccumulateThenRead, 64), new(RedundancyMode.ReadAndAverage, 64)]),
        };
        NetworkOnDevice laid = Scenes.OnDevice(network, device);
        var layout = new PlanLayout(laid, Granularity.Layer, RedundancyMode.ReadAndAverage);
        LabelledImages images = Pictures.For(network, 10, 3);
        var task = new PlanTask(network, new NoiseModel(laid.Scales, Scenes.Profile(0.01)), layout, MethodChoice.Of("integer", 4, false), images, images)
        {
            Device = laid, Modes = new ModeLimits(),
        };
        var learned = new EnergyOutcome(
            true, EnergyPoint.Of(layout.Uniform(4)), new Interval(3, 5), 0.001, 0.001, 0.01, 0.95, -0.01, [], "found");
        (EnergyOutcome outcome, DropSample sample, _) = ModeAllocation.Choose(
            task, Parts.One(AveragingLaw.White, [1, 1], [72, 72]), learned, new Lost(lost), new AcceptanceRule(0.02, 5000, 0.9), 1, default);
        Assert.Equal(lost / (double)Images, outcome.Drop, 1e-12);
        Assert.Equal(outcome.Drop, sample.ToPoint().Drop);
        Assert.Equal(reachable, outcome.Reachable);
        Assert.Equal(reachable, double.IsFinite(outcome.EnergyInterval.High));
        Assert.Equal(reachable, outcome.PredictedAcceptance >= 0.9);
    }

    // So many of the images are lost under any noise.
    private sealed class Lost(int lost) : IDropSource
    {
        public int Images => ModeAllocationTests.Images;

        public DropSample Open(EnergyPoint point) => new(point, [], [.. Enumerable.Repeat(true, Images)]);

        public void Extend(DropSample sample, int images, int seeds, CancellationToken cancellationToken)
        {
            for (int draw = 0; draw < seeds; draw++)
            {
                sample.Add(0, [.. Enumerable.Range(0, images).Select(image => image >= lost)]);
            }

            sample.Complete(images, seeds);
        }
    }
}
