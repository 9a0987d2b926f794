using AnalogHil.Calibration.Archive;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.Precision;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Mapping;
using AnalogHil.Precision.Search;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Campaign;

/// <summary>What a resumed campaign takes from its earlier run, now that the device was opened again.</summary>
public sealed class ResumedStepsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task RunAsync_SameDeviceStillUp_TakesTheCalibrationWithoutAWarning()
    {
        CampaignState state = Resumed(new DeviceIdentity("XB-7", DeviceArchitecture.Crossbar, "1", "s", "boot-3"));

        await Runner(new CalibrateStep(TimeProvider.System)).RunAsync(state, CancellationToken.None);

        Assert.Equal(0.01, state.Calibration!.Profile.Terms[0].Sigma.Value);
        Assert.Equal(["calibration: a warning"], state.Warnings);
    }

    [Fact]
    public async Task RunAsync_SameDevicePoweredUpAnew_WarnsInTheRecord()
    {
        CampaignState state = Resumed(new DeviceIdentity("XB-7", DeviceArchitecture.Crossbar, "1", "s", "boot-4"));

        await Runner(new CalibrateStep(TimeProvider.System)).RunAsync(state, CancellationToken.None);

        Assert.NotNull(state.Calibration);
        string warning = Assert.Single(state.Warnings, text => text.Contains("boot id", StringComparison.Ordinal));
        Assert.Contains("boot id was boot-3, is boot-4", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AnotherDeviceAnswers_IsNotResumableAndNamesBoth()
    {
        CampaignState state = Resumed(new DeviceIdentity("XB-8", DeviceArchitecture.Crossbar, "1", "s", "boot-3"));

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => Runner(new CalibrateStep(TimeProvider.System)).RunAsync(state, CancellationToken.None));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains("XB-7", refused.Message, StringComparison.Ordinal);
        Assert.Contains("XB-8", refused.Message, StringComparison.Ordinal);
        Assert.Null(state.Calibration);
    }

    [Fact]
    public void TryRestore_TwinCheckOfAnEarlierRun_IsMadeAgain()
    {
        CampaignState state = Resumed(new DeviceIdentity("XB-7", DeviceArchitecture.Crossbar, "1", "s", "boot-3"));
        state.Checkpoints.Save(CampaignPhase.Twin, "what an earlier run found");
        ICampaignStep step = new TwinStep(TimeProvider.System);

        Assert.False(step.TryRestore(state, new SilentObserver()));
        Assert.Null(state.Twin);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryRestore_PlanWithFullScales_LaysTheNetworkOutWithThem(bool narrowed)
    {
        CampaignState state = Mapped();
        var network = (OnnxNetwork)state.Inputs.Network;
        AnalogNode node = network.AnalogNodes[0];
        PrecisionPlan plan = new PlanLayout(network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(2);
        PrecisionResult learned = CheckpointStoreTests.Learned();
        double[] largest = [.. Enumerable.Range(0, node.Channels).Select(channel => node.Weights.ToArray().Skip(channel * node.DotLength).Take(node.DotLength)
            .Max(weight => (double)Math.Abs(weight)))];
        float seen = network.ObserveRanges(state.Inputs.Calibration.Pixels, 8)[0].Magnitude;
        Assert.Contains(largest, weight => weight > 0);
        state.Checkpoints.Save(CampaignPhase.Learn, learned with
        {
            Learned = learned.Learned with { Plan = plan },
            Corrections = [NodeCorrection.None(node.Channels)],
            FullScales = narrowed ? [new NodeFullScale(0.5 * seen, false, [.. largest.Select(weight => 0.7 * weight)]) { InputSeen = seen }] : [],
        });
        ICampaignStep step = new LearnStep(TimeProvider.System);

        Assert.True(step.TryRestore(state, new SilentObserver()));
        Assert.Equal((narrowed ? 0.5 : 1) * seen, state.Network!.Scales[0].InputFullScale, 1e-4 * seen);
        Assert.All(
            state.Network.Scales[0].WeightFullScale.Zip(largest), pair => Assert.Equal((narrowed ? 0.7 : 1) * pair.Second, pair.First, 1e-3 * pair.Second));
    }

    [Fact]
    public void TryRestore_PlanOfOneVariantOfSeveral_TellsAllOfThem()
    {
        CampaignState state = Mapped();
        PrecisionResult learned = CheckpointStoreTests.Learned();
        PrecisionPlan plan = new PlanLayout(state.Inputs.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(2);
        state.Checkpoints.Save(CampaignPhase.Learn, learned with { Learned = learned.Learned with { Plan = plan } });
        var observer = new SilentObserver();
        Assert.True(((ICampaignStep)new LearnStep(TimeProvider.System)).TryRestore(state, observer));
        Assert.Contains("learning: shares alone: no K is predicted to be accepted", observer.Notes);
        Assert.Contains("learning: gains and offsets: 4.00 reads per MAC (95 % 3.50 to 4.60; 1600 images), 1 uJ declared for an image; this is the plan", observer.Notes);
    }

    [Fact]
    public void TryRestore_NoLearnedPlanIsAccepted_SaysThatThePlanIsTheUniformOne()
    {
        CampaignState state = Mapped();
        PrecisionResult learned = CheckpointStoreTests.Learned();
        PrecisionPlan plan = new PlanLayout(state.Inputs.Network.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage).Uniform(2);
        state.Checkpoints.Save(CampaignPhase.Learn, learned with { Learned = learned.Learned with { Plan = plan }, Shape = null, Variants = [] });
        var observer = new SilentObserver();
        Assert.True(((ICampaignStep)new LearnStep(TimeProvider.System)).TryRestore(state, observer));
        Assert.Equal(["learning: reason; the plan is the uniform one"], observer.Notes);
    }

    [Fact]
    public void ShareOf_SeveralVariants_GrowsFromNothingToAllOfIt()
    {
        double[] shares = [.. from turn in Enumerable.Range(0, 3)
                              from phase in turn == 0 ? [PrecisionPhase.Uniform, PrecisionPhase.Learning, PrecisionPhase.Search] : (PrecisionPhase[])[PrecisionPhase.Learning, PrecisionPhase.Search]
                              from fraction in (double[])[0, 0.5, 1]
                              select LearnStep.ShareOf(new PrecisionProgress(phase, fraction, "", null, []) { Turn = turn, Turns = 3 })];
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(0, shares[0]);
        Assert.Equal(1, shares[^1], 1e-12);
        Assert.Equal(0.35, LearnStep.ShareOf(new PrecisionProgress(PrecisionPhase.Uniform, 1, "", null, [])), 1e-12);
    }

    [Fact]
    public async Task RunAsync_OpenStep_NoiseSeedFollowsCampaignSeedAndResumptions()
    {
        ulong first = await NoiseSeedAsync(seed: 1, resumptions: 0);

        Assert.Equal(first, await NoiseSeedAsync(seed: 1, resumptions: 0));
        Assert.NotEqual(first, await NoiseSeedAsync(seed: 2, resumptions: 0));
        Assert.NotEqual(first, await NoiseSeedAsync(seed: 1, resumptions: 1));
        Assert.NotEqual(await NoiseSeedAsync(seed: 2, resumptions: 0), await NoiseSeedAsync(seed: 1, resumptions: 1));
    }

    public void Dispose() => _directory.Dispose();

    private static CampaignRunner Runner(ICampaignStep step) => new([step], new FakeRecord(), new SilentObserver(), new FakeTime());

    private static async Task<ulong> NoiseSeedAsync(ulong seed, int resumptions)
    {
        var bench = new SeedBench();
        var state = new CampaignState
        {
            Request = Campaigns.Request() with { Seed = seed },
            Inputs = new CampaignInputs(bench, null!, null!, null!, Campaigns.Fingerprint(seed)),
            Checkpoints = new CheckpointStore("/nowhere", Campaigns.Fingerprint(seed)),
            Archive = new DiscardingArchive(),
            Started = default,
            Resumptions = resumptions,
        };
        await Assert.ThrowsAsync<DeviceException>(
            () => new OpenStep(TimeProvider.System).RunAsync(state, new SilentObserver(), CancellationToken.None));
        return bench.NoiseSeed!.Value;
    }

    // A small network that is mapped to a device.
    private CampaignState Mapped()
    {
        File.WriteAllBytes(_directory["net.onnx"], SmallClassifier.Write(1, 2, 2));
        OnnxNetwork network = OnnxNetwork.Load(_directory["net.onnx"]);
        var device = new FakeDevice();
        CampaignState state = Campaigns.State(device, resume: true, _directory.Location);
        float[] pixels = [.. Enumerable.Range(0, 8 * network.InputShape.Size).Select(i => i % 5 / 4f)];
        return new CampaignState
        {
            Request = state.Request,
            Inputs = new CampaignInputs(null!, network, new LabelledImages("made up", network.InputShape, pixels, new int[8]), null!, state.Inputs.Fingerprint),
            Checkpoints = state.Checkpoints,
            Archive = state.Archive,
            Started = state.Started,
            Device = device,
            Map = TileMapper.Map(NetworkOnDevice.Shapes(network), device.Capabilities with { Tiles = 8 }),
        };
    }

    private CampaignState Resumed(DeviceIdentity identity)
    {
        CampaignState state = Campaigns.State(new FakeDevice(), resume: true, _directory.Location);
        state.Identity = identity;
        state.Checkpoints.Save(CampaignPhase.Calibrate, new KeptCalibration("XB-7", "boot-3", CheckpointStoreTests.Calibration()));
        return state;
    }

    /// <summary>Remembers the seed it was opened with; no device answers.</summary>
    private sealed class SeedBench : IBench
    {
        public ulong? NoiseSeed { get; private set; }

        public string Name => "seed";

        public bool IsSimulated => true;

        public double? ProgrammingError => 0;

        public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken)
        {
            NoiseSeed = noiseSeed;
            throw new DeviceException(DeviceFault.Disconnected, "nobody answers");
        }
    }
}
