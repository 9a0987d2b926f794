using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Mapping;
using AnalogHil.Engine;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Variants;
using AnalogHil.V1;
using Estimate = AnalogHil.Core.Statistics.Estimate;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class CheckpointStoreTests : IDisposable
{
    /// <summary>A file that nobody may read, not even root.</summary>
    internal const string WriteOnly = "/proc/sys/vm/drop_caches";

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Load_CalibrationSavedBefore_EveryFigureComesBack()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Calibrate, new KeptCalibration("XB-7", "boot-3", Calibration()));

        KeptCalibration kept = store.Load<KeptCalibration>(CampaignPhase.Calibrate)!;

        Assert.Equal(("XB-7", "boot-3"), (kept.DeviceUid, kept.BootId));
        CalibrationResult back = kept.Result;

        CalibrationResult told = Calibration();
        Assert.Equal(told.Profile.FullScale, back.Profile.FullScale);
        Assert.Equal(told.Profile.Terms[1].Sigma, back.Profile.Terms[1].Sigma);
        Assert.Equal(0.25, back.Profile.Terms[0].Averaging.V0);
        Assert.Equal([0.5, 0.1], back.Profile.Terms[0].Averaging.Correlation.ToArray());
        Assert.Equal(told.Correction.Gain, back.Correction.Gain);
        Assert.Equal(double.PositiveInfinity, back.Diagnostics.DitherSteps);
        Assert.Equal(told.Averaging.AsEnumerable(), back.Averaging.AsEnumerable());
    }

    [Fact]
    public void Load_PlanSavedBefore_SamePlanComesBack()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Learn, Learned());

        PrecisionResult back = store.Load<PrecisionResult>(CampaignPhase.Learn)!;

        Assert.Equal([3, 5], back.Plan.Layers[0].Repeats.ToArray());
        Assert.Equal(RedundancyMode.ReadAndAverage, back.Plan.Layers[0].Mode);
        Assert.Equal(double.PositiveInfinity, back.NoiseBits[0].Bits);
        Assert.Equal(Learned().Ratio, back.Ratio);
        Assert.Equal(Learned().Variants.AsEnumerable(), back.Variants);
        Assert.True(back.Reachable);
    }

    [Fact]
    public void Load_PlanWithCorrections_HasThemAgain()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Learn, Learned() with { Corrections = [new NodeCorrection([1.5f, 0.75f], [0, -0.25f]), null] });

        PrecisionResult back = store.Load<PrecisionResult>(CampaignPhase.Learn)!;

        Assert.Equal(2, back.Corrections.Length);
        Assert.Equal([1.5f, 0.75f], back.Corrections[0]!.Gain);
        Assert.Equal([0, -0.25f], back.Corrections[0]!.Offset);
        Assert.Null(back.Corrections[1]);
    }

    [Fact]
    public void Load_NothingSaved_IsNull() =>
        Assert.Null(new CheckpointStore(_directory.Location, Campaigns.Fingerprint()).Load<PrecisionResult>(CampaignPhase.Learn));

    [Fact]
    public void Load_MadeFromSomethingElse_SaysWhatDiffers()
    {
        new CheckpointStore(_directory.Location, Campaigns.Fingerprint(seed: 1)).Save(CampaignPhase.Learn, Learned());

        CampaignException refused = Assert.Throws<CampaignException>(
            () => new CheckpointStore(_directory.Location, Campaigns.Fingerprint(seed: 2) with { ModelSha256 = "ff" }).Load<PrecisionResult>(CampaignPhase.Learn));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains("seed was 1, is now 2", refused.Message, StringComparison.Ordinal);
        Assert.Contains("model file was a0, is now ff", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DamagedFile_SaysWhichAndWhatToDo()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Learn, Learned());
        string file = _directory["checkpoints/learn.json"];
        File.WriteAllText(file, File.ReadAllText(file)[..40]);

        CampaignException refused = Assert.Throws<CampaignException>(() => store.Load<PrecisionResult>(CampaignPhase.Learn));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains("remove it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FigureThatContradictsItself_IsDamage()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Learn, Learned());
        string file = _directory["checkpoints/learn.json"];
        string text = File.ReadAllText(file);
        string upsideDown = text.Replace("[0.45,0.55]", "[0.55,0.45]", StringComparison.Ordinal);
        Assert.NotEqual(text, upsideDown);
        File.WriteAllText(file, upsideDown);

        CampaignException refused = Assert.Throws<CampaignException>(() => store.Load<PrecisionResult>(CampaignPhase.Learn));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains($"{file} is damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileMayNotBeRead_SaysSo()
    {
        var store = new CheckpointStore(_directory.Location, Campaigns.Fingerprint());
        store.Save(CampaignPhase.Learn, Learned());
        string file = _directory["checkpoints/learn.json"];
        File.Delete(file);
        File.CreateSymbolicLink(file, WriteOnly);

        CampaignException refused = Assert.Throws<CampaignException>(() => store.Load<PrecisionResult>(CampaignPhase.Learn));

        Assert.Equal(ErrorReason.NotResumable, refused.Reason);
        Assert.Contains($"{file} cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Contains("permit reading it", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    internal static CalibrationResult Calibration() => new(
        new NoiseProfile(
            new DeviceFullScale(2, 1, 4, 0.25),
            [
                new NoiseTermEstimate(NoiseTerm.Thermal, new Estimate(0.01, new Interval(0.009, 0.011), "1", 4096), true, new AveragingLaw(0.75, 0.25, [0.5, 0.1])),
                new NoiseTermEstimate(NoiseTerm.Weight, new Estimate(0, new Interval(0, 0.003), "1", 4096), false, AveragingLaw.White),
            ]),
        new ReadoutCorrection([[1.01f, 0.98f]], [[0.1f, -0.2f]]),
        [new AveragingPoint(1, 0.4, new Interval(0.39, 0.41), 128), new AveragingPoint(2, 0.2, new Interval(0.19, 0.21), 128)],
        new AveragingFit(new Estimate(0.4, new Interval(0.39, 0.41), "1", 128), new Estimate(0, new Interval(0, 0.01), "1", 128), false, 0.6),
        10_000,
        [new SigmaHistoryPoint(1000, NoiseTerm.Thermal, 0.011, 0.008, 0.014)],
        new CalibrationDiagnostics([], 3.5, double.PositiveInfinity, true, 0, 1, 0.2, 0.05, 0.001, 0.002, 0),
        ["a warning"]);

    internal static PrecisionResult Learned()
    {
        var plan = new PrecisionPlan([new LayerPlan("fc1", 8, 16, [3, 5], RedundancyMode.ReadAndAverage)]);
        var outcome = new BudgetOutcome(
            true, plan, 4, new Interval(3.5, double.PositiveInfinity), 0.01, 0.001, 0.05, 0.92, -0.01,
            [new SearchPoint(4, 0.01, 0.001, new Interval(0.008, 0.012), 0.05, 500, 2, [4])], "reason");
        return new PrecisionResult(
            outcome, outcome, new Estimate(0.5, new Interval(0.45, 0.55), "1", 500),
            new LearnedShape(4, [4], [4], [4], false, 0.5, 0.3, 0.31, 0.02, 100),
            [new LayerNoiseBits("fc1", 3, 0, double.PositiveInfinity, 64)])
        {
            Variants =
            [
                new VariantOutcome(VariantOutcome.Plain, false, 256, new Interval(256, double.PositiveInfinity), null, null, false),
                new VariantOutcome(VariantOutcome.Corrected, true, 4, new Interval(3.5, 4.6), new Estimate(0.5, new Interval(0.45, 0.55), "1", 500), 1e-6, true) { Images = 1600, Draws = 2 },
            ],
        };
    }
}
