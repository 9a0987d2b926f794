using AnalogHil.Calibration.Archive;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Steps;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;
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
