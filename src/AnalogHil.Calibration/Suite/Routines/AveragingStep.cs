using System.Collections.Immutable;
using AnalogHil.Calibration.Acquisition;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Averaging;
using AnalogHil.Calibration.Graph;
using AnalogHil.Calibration.Refit;
using AnalogHil.Core.Plans;
using MathNet.Numerics.Distributions;

namespace AnalogHil.Calibration.Suite.Routines;

/// <summary>The averaging certificate within the suite, on a few tiles.</summary>
internal sealed class AveragingStep : SuiteRoutine
{
    private const double CheckLevel = 0.01;

    public override string Name => "averaging";

    public override ImmutableArray<string> DependsOn => ["mix"];

    public override double Share => 4;

    public override bool HasCheck => true;

    public override Task<ImmutableArray<string>> AcquireAsync(RoutineReads reads, CancellationToken cancellationToken) =>
        reads.AcquireAsync(
            AveragingAcquisition.Plan(reads.Device.Capabilities, AveragingMeasurement.Some(reads.Tiles), reads.Options.LargestRepeats),
                AveragingAcquisition.VectorsPerCall, cancellationToken);

    public override RoutineResult Fit(ArchivedReads reads, FitSettings settings)
    {
        DeviceAveraging found = DeviceAveraging.Of(reads, settings.Terms, settings.Confidence);
        (string Point, AveragingCertificate Certificate)[] points = [("dark", found.Dark), (AveragingAcquisition.Driven, found.Driven)];
        return new RoutineResult(
            Name,
            [
                .. points.Select(point => new NamedFigure($"floor.{point.Point}", point.Certificate.Floor, point.Certificate.Kind != SlowNoiseKind.None)),
                .. points.SelectMany(point => point.Certificate.Points.Where(row => row.K == 16 || row.K == point.Certificate.Points.Max(p => p.K))
                    .Select(row => new NamedFigure($"keff{row.K}.{point.Point}", row.Effective))),
            ],
            [],
            ReadScreening.Columns(reads),
            [.. points.SelectMany(point => point.Certificate.Warnings.Select(warning => $"{point.Point}: {warning}")).Distinct(), .. found.Doubts])
        {
            Averaging = [.. points.SelectMany(point => point.Certificate.Points.Select(row => new AveragingRow(point.Point, row.K, row.Measured,
                row.Fitted, row.Effective)))],
            Certificate = found.Certified,
            Laws = found.Laws,
        };
    }

    public override async Task<RoutineCheck> CheckAsync(RoutineReads reads, RoutineResult result, CancellationToken cancellationToken)
    {
        // One K at which slow noise would show, against the variance measured then.
        AveragingRow[] rows = [.. result.Averaging.GroupBy(row => row.Point).Select(point => point.MinBy(row => Math.Abs(row.K - 16))!)];
        RedundancyMode mode = AveragingAcquisition.ModeOf(reads.Device.Capabilities);
        await reads.AcquireAsync(
            [.. rows.Select(row => new PlannedSeries(Corner.Of(reads.Device, row.Point), AveragingMeasurement.Some(reads.Tiles),
                2 * AveragingAcquisition.VectorsPerCall, row.K, mode))],
            AveragingAcquisition.VectorsPerCall,
            cancellationToken).ConfigureAwait(false);
        ArchivedReads held = reads.Held();
        double smallest = rows.Min(row =>
        {
            RunVariance now = CertificateStudy.Whole(held, row.Point, row.K);
            double half = row.Measured.Interval.HalfWidth / row.Measured.Value / Normal.InvCDF(0, 1, 0.5 * (1 + row.Measured.Level));
            double below = FisherSnedecor.CDF(now.Dof, Math.Max(2, 2 / (half * half)), now.Variance / row.Measured.Value);
            return 2 * Math.Min(below, 1 - below);
        });
        return new(smallest * rows.Length > CheckLevel, [],
            $"variance of means of {string.Join(", ", rows.Select(row => row.K))} against the certificate: smallest probability {smallest:G2}, "
                + $"limit {CheckLevel / rows.Length}");
    }
}
