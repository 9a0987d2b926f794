using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Mix;
using AnalogHil.Calibration.Refit;
using AnalogHil.Calibration.Results;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Refit;

public sealed class ArchiveRefitTests(ITestOutputHelper output)
{
    private static readonly NoiseTerm[] Three = [NoiseTerm.Thermal, NoiseTerm.Weight, NoiseTerm.ShotBalanced];

    private static readonly GaussianTruth ThreeTerms = new()
    {
        Sigma = new() { [NoiseTerm.Thermal] = 0.04, [NoiseTerm.Weight] = 0.06, [NoiseTerm.ShotBalanced] = 0.2 },
    };

    [Fact]
    public async Task Fit_ReadsOfACalibration_GiveTheSameSigmasAgain()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 101);
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "calibration", TimeProvider.System, default));
        CalibrationResult result = await new Calibrator(device, QuickOptions.Create(1), archive).RunAsync(null, default);
        ArchivedReads reads = archive.Reads();
        RefitResult found = ArchiveRefit.Fit(
            reads with { Series = [.. reads.Series.Where(series => series.Description.Name.StartsWith("sigma", StringComparison.Ordinal))] },
            [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced]);
        foreach (string line in found.Report())
        {
            output.WriteLine(line);
        }

        Assert.Empty(found.Excluded);
        foreach ((NoiseTermEstimate live, MixTermFit again) in result.Profile.Terms.Zip(found.Mix.Terms))
        {
            Assert.Equal(live.Sigma.Value, again.Sigma.Value, 1e-6 * live.Sigma.Value);
            Assert.Equal(live.Present, again.Present);
        }

        NoiseProfile profile = ProfileApplication.Apply(found.Mix, reads.Provenance.FullScale).Profile;
        Assert.Equal(Three, profile.Terms.Select(term => term.Term));
    }

    [Fact]
    public async Task Fit_StuckNaNAndSaturatedColumns_AreNamedAndTheRestIsCalibrated()
    {
        // 0.15 of a sigma known to about 3 %: five standard errors.
        var device = new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 102) { OnReply = Spoil };
        ArchivedReads reads = await AcquireAsync(device, 512);
        RefitResult found = ArchiveRefit.Fit(reads, [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced]);
        foreach (string line in found.Report())
        {
            output.WriteLine(line);
        }

        Assert.Equal(
            [(0, 1, ExclusionReason.Stuck), (0, 3, ExclusionReason.NotANumber), (0, 6, ExclusionReason.Saturated), (1, 1, ExclusionReason.Stuck), (1, 3, ExclusionReason.NotANumber), (1, 6, ExclusionReason.Saturated)],
            found.Excluded.Select(column => (column.Tile, column.Column, column.Reason)));
        Assert.All(found.Points, point => Assert.Equal(512 * 2 * 5, point.Observation.Reads));
        foreach (MixTermFit term in found.Mix.Terms)
        {
            double truth = ThreeTerms.Sigma[Enum.Parse<NoiseTerm>(term.Term.ToString())];
            Assert.Equal(truth, term.Sigma.Value, 0.15 * truth);
        }

        static ExecuteReply Spoil(ExecuteReply reply, Memory<float> outputs)
        {
            Span<float> reads = outputs.Span;
            for (int i = 0; i < reads.Length; i += 8)
            {
                reads[i + 1] = 0.5f;
                reads[i + 3] = i == 0 ? float.NaN : reads[i + 3];
                reads[i + 6] = Math.Min(reads[i + 6] + 15, 15.9375f);
            }

            return reply with { Checksum = ReplyChecksum.Of(reads) };
        }
    }

    [Fact]
    public async Task Fit_WildReads_AreReportedAndTheRobustFitHolds()
    {
        int count = 0;
        var device = new GaussianDevice(FakeCapabilities.Small(Three) with { AdcFullScale = 64, AdcBits = 11 }, ThreeTerms, seed: 103)
        {
            OnReply = (reply, outputs) =>
            {
                for (int i = 17; i < outputs.Length; i += 200)
                {
                    outputs.Span[i] += 12;
                    count++;
                }

                return reply with { Checksum = ReplyChecksum.Of(outputs.Span) };
            },
        };
        ArchivedReads reads = await AcquireAsync(device, 512);
        MixTerm[] terms = [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced];
        RefitResult plain = ArchiveRefit.Fit(reads, [.. terms]);
        RefitResult robust = ArchiveRefit.Fit(reads, [.. terms], new RefitOptions { Estimator = SpreadEstimator.Huber });
        output.WriteLine($"{count} wild reads, {robust.Points.Sum(point => point.OutlierCount)} reported; thermal {plain.Mix.Terms[0].Sigma.Value:F4} plain, {robust.Mix.Terms[0].Sigma.Value:F4} robust, truth 0.04, seed 103");
        Assert.Equal(count, robust.Points.Sum(point => point.OutlierCount));
        Assert.Equal(count, plain.Points.Sum(point => point.OutlierCount));
        Assert.True(plain.Mix.Terms[0].Sigma.Value > 0.045);
        Assert.Equal(0.04, robust.Mix.Terms[0].Sigma.Value, 0.002);
        Assert.Contains(plain.Warnings, warning => warning.Contains("Huber", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fit_CallsOutOfOrderAndTwice_GiveTheSameFigures()
    {
        ArchivedReads reads = await AcquireAsync(new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms, seed: 104), 128);
        ArchivedSeries dark = reads.Series[0];
        ArchivedReads mixed = reads with { Series = reads.Series.SetItem(0, dark with { Segments = [dark.Segments[1], .. dark.Segments, dark.Segments[0]] }) };
        MixTerm[] terms = [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced];
        RefitResult expected = ArchiveRefit.Fit(reads, [.. terms]);
        RefitResult found = ArchiveRefit.Fit(mixed, [.. terms]);
        Assert.Equal(expected.Mix.Terms.Select(term => term.Sigma.Value), found.Mix.Terms.Select(term => term.Sigma.Value));
        Assert.Contains(found.Warnings, warning => warning.Contains("out of order", StringComparison.Ordinal));
        Assert.Contains(found.Warnings, warning => warning.Contains("came twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fit_CoarseConverter_TakesTheCodes()
    {
        // q = 2, dark noise 0.64 = 0.32 q: below half a step.
        DeviceCapabilities coarse = FakeCapabilities.Small(Three) with { AdcBits = 5, AdcFullScale = 32 };
        ArchivedReads reads = await AcquireAsync(new GaussianDevice(coarse, ThreeTerms with { OffsetSpread = 1.5, GainSpread = 0 }, seed: 105), 512);
        RefitResult found = ArchiveRefit.Fit(reads, [MixTerm.Thermal, MixTerm.Weight, MixTerm.ShotBalanced]);
        output.WriteLine(string.Join("\n", found.Report()));
        PointStudy dark = found.Points.Single(point => point.Observation.Point == "dark");
        Assert.True(dark.Censored);
        Assert.Equal(0.32, dark.Steps, 0.03);
        Assert.True(found.Mix.Terms[0].Sigma.Interval.Contains(0.04), found.Mix.Terms[0].ToString());
    }

    [Fact]
    public async Task Run_SeveralRepeats_GiveACertificate()
    {
        var device = new GaussianDevice(FakeCapabilities.Small(Three), ThreeTerms with { Floor = new() { [NoiseTerm.Weight] = 0.2 }, GainSpread = 0 }, seed: 106);
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "averaging", TimeProvider.System, default));
        ProbePattern full = ProbePattern.Corners(device.Capabilities).Single(pattern => pattern.Name == "full");
        IReadOnlyList<TileFault> faults = await new Acquirer(device, new AcquisitionOptions { VectorsPerCall = 32 }, archive).RunAsync(
            [.. ((int[])[1, 4, 16, 64]).Select(k => new PlannedSeries(full, [0, 1], 256, k))], null, default);
        (AveragingCertificate certificate, _) = CertificateStudy.Of(archive.Reads(), "full");
        double floor = 0.2 * 0.06 * 0.06 * 64;
        output.WriteLine($"{certificate.Kind}: floor {certificate.Slow}, truth {floor:F4}; K_eff(64) {certificate.Points[^1].Effective}; largest K {certificate.LargestRepeats}; seed 106");
        Assert.Empty(faults);
        Assert.Equal(SlowNoiseKind.Common, certificate.Kind);
        Assert.Equal(floor, certificate.Slow.Value, 4 * certificate.Slow.Interval.HalfWidth / 1.96);
        Assert.NotNull(certificate.Refusal(65));
    }

    private static async Task<ArchivedReads> AcquireAsync(GaussianDevice device, int vectors)
    {
        var archive = new RecordingArchive(await ArchiveProvenance.OfAsync(device, "mix", TimeProvider.System, default));
        string[] corners = ["dark", "input", "full"];
        PlannedSeries[] plan = [.. ProbePattern.Corners(device.Capabilities).Where(pattern => corners.Contains(pattern.Name)).Select(pattern => new PlannedSeries(pattern, [0, 1], vectors))];
        await new Acquirer(device, new AcquisitionOptions(), archive).RunAsync(plan, null, default);
        return archive.Reads();
    }
}
