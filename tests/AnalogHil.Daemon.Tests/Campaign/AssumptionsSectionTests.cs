using System.Collections.Immutable;
using AnalogHil.Calibration.Results;
using AnalogHil.Core.Averaging;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Campaign;
using AnalogHil.Daemon.Campaign.Checkpoints;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Recording;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Daemon.Tests.Campaign;

public sealed class AssumptionsSectionTests
{
    [Theory]
    [InlineData(0.0, true)]
    [InlineData(0.01, false)]
    [InlineData(null, false)]
    public void Of_Bench_SaysWhetherCellsAreWrittenPerfectly(double? error, bool said) =>
        Assert.Equal(said, Told(error, null).Any(text => text.Contains("programming error is 0", StringComparison.Ordinal)));

    [Fact]
    public void Of_PlanBeyondTheMeasuredRepeats_SaysThatTheLawIsExtrapolated()
    {
        string[] told = Told(0, 300);

        Assert.Contains(told, text => text.Contains("V1 / K + V0, without correlation", StringComparison.Ordinal)
            && text.Contains("measured up to K = 2 and is extrapolated to K = 300", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_PlanWithinTheMeasuredRepeats_ClaimsNoExtrapolation()
    {
        string[] told = Told(0, 2);

        Assert.Contains(told, text => text.Contains("measured up to K = 2, the plan uses no more than 2", StringComparison.Ordinal));
        Assert.DoesNotContain(told, text => text.Contains("extrapolated", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_CertificateBeyondTheCalibrationsRepeats_TellsTheCertificate()
    {
        string[] told = Told(0, 123, new CertifiedLaw(AveragingLaw.White, 128, 128));

        Assert.Contains(told, text => text.EndsWith("measured up to K = 128, the plan uses no more than 123.", StringComparison.Ordinal));
        Assert.DoesNotContain(told, text => text.Contains("extrapolated", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_CertificateThatEndsBelowWhatWasMeasured_SaysWhereRepeatsStopToPay()
    {
        string[] told = Told(0, 16, new CertifiedLaw(AveragingLaw.White, 16, 128));

        Assert.Contains(told, text => text.EndsWith("measured up to K = 128, where repeats pay up to K = 16, the plan uses no more than 16.", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SlowNoiseOfATerm_ClaimsNoIndependenceOfReads()
    {
        string[] told = Told(0, null, null, CheckpointStoreTests.Calibration());

        Assert.Contains(told, text => text.Contains("correlation from read to read that was measured", StringComparison.Ordinal));
        Assert.DoesNotContain(told, text => text.Contains("without correlation", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_SeveralVariants_SaysThatIntervalsDoNotCountTheChoice()
    {
        Assert.Contains(Told(0, 2), text => text.Contains("2 variants of the network", StringComparison.Ordinal) && text.Contains("count neither this choice", StringComparison.Ordinal));
        Assert.DoesNotContain(Told(0, null), text => text.Contains("variants of the network", StringComparison.Ordinal));
    }

    private static string[] Told(double? error, int? repeats, CertifiedLaw? certificate = null, CalibrationResult? calibration = null)
    {
        var state = new CampaignState
        {
            Request = Campaigns.Request(),
            Inputs = new CampaignInputs(new NamedBench(error), new ListedNetwork([], []), null!, null!, Campaigns.Fingerprint()),
            Checkpoints = new CheckpointStore("/nowhere", Campaigns.Fingerprint()),
            Archive = new AnalogHil.Calibration.Archive.DiscardingArchive(),
            Started = default,
            Calibration = calibration ?? White(),
            Certificate = certificate,
        };
        if (repeats is { } k)
        {
            PrecisionPlanOf(state, k);
        }

        return [.. AssumptionsSection.Of(state)];
    }

    private static CalibrationResult White()
    {
        CalibrationResult slow = CheckpointStoreTests.Calibration();
        return slow with { Profile = slow.Profile with { Terms = [.. slow.Profile.Terms.Select(term => term with { Averaging = AveragingLaw.White })] } };
    }

    private static void PrecisionPlanOf(CampaignState state, int repeats)
    {
        var plan = new PrecisionPlan([new LayerPlan("fc1", 8, 16, ImmutableArray.Create(1, repeats), RedundancyMode.ReadAndAverage)]);
        var learned = CheckpointStoreTests.Learned();
        state.Learned = learned with { Learned = learned.Learned with { Plan = plan } };
    }

    private sealed record NamedBench(double? ProgrammingError) : IBench
    {
        public string Name => "named";

        public bool IsSimulated => true;

        public ValueTask<IAnalogDevice> OpenAsync(ulong noiseSeed, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
