using System.Collections.Immutable;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Records.Proof;
using AnalogHil.Daemon.Records.Provenance;

namespace AnalogHil.Daemon.Tests.Reports;

/// <summary>Records of an invented campaign, with figures of the size real ones have. Nothing in them was measured.</summary>
internal static class SampleRecord
{
    private static readonly (string Name, int N, long Macs, double Learned, double Bits)[] Layers =
    [
        ("stem/conv", 9, 112896, 14, 5.1), ("block1/conv1", 144, 1806336, 9, 4.4), ("block1/conv2", 144, 1806336, 11, 4.6),
        ("block2/conv1", 144, 903168, 13, 4.7), ("block2/conv2", 288, 1806336, 8, 4.2), ("block2/skip", 16, 100352, 27, 5.6),
        ("block3/conv1", 288, 903168, 12, 4.4), ("block3/conv2", 576, 1806336, 6, 3.9), ("block3/skip", 32, 100352, 21, 5.3), ("fc", 64, 640, 38, 6.2),
    ];

    public static CampaignRecord Complete()
    {
        const double uniform = 22;
        double macs = Layers.Sum(layer => (double)layer.Macs);
        double learned = Layers.Sum(layer => layer.Learned * layer.Macs) / macs;
        var counts = new PairedCounts(131, 74, 7000);
        NonInferiorityResult decision = NonInferiority.Decide(counts, 0.02);
        return new CampaignRecord
        {
            Status = RecordStatus.Complete,
            Phase = "record",
            Verdict = decision.Verdict,
            Reason = decision.Reason,
            Warnings = ["tile 3 column 17 reads 4.2 standard errors off its gain; its channels carry a bias of 0.1 of their noise"],
            Assumptions =
            [
                "Energy counts reads per multiply-accumulate; joules are the device's declared profile, not a measurement.",
                "The verdict holds for this device as programmed now: one programming, read noise fresh in every read.",
            ],
            Target = new TargetRecord(2, "percentage points", 0.05, 0.9),
            Bench = new BenchRecord("embedded-crossbar", "crossbar", true, "SIM-0001", "sim 0.1.0", 128, 64, 48, 8, 9),
            Model = new ModelRecord("fashion-resnet", 10, Layers.Length, (long)macs),
            Data = new DataRecord("fashion-mnist <test>", 1024, 3000, 7000),
            Calibration = Calibration(),
            Plan = new PlanRecord
            {
                Mode = "read-and-average",
                SettingsHash = new string('a', 64),
                CellsUsed = 171_200,
                CellsTotal = 393_216,
                LatencySeconds = 0.0123,
                OptimalityResidual = 0.11734,
                IntegerGap = 0.0123,
                MeanNoiseBits = 5.678,
                Layers = [.. Layers.Select(layer => new PlanLayerRecord(layer.Name, layer.N, layer.Macs, layer.Learned, layer.Bits) { UniformK = uniform })],
            },
            Energy = new EnergyRecord(uniform, learned, learned / uniform, "reads per MAC")
            {
                UniformLow = 0.8 * uniform, UniformHigh = 1.25 * uniform, LearnedLow = 0.8 * learned, LearnedHigh = 1.25 * learned, RatioLow = 0.36, RatioHigh = 0.49, JoulesPerImage = 3.4e-7, UniformJoulesPerImage = 8.1e-7, ConversionsPerImage = 2_951_234, UniformConversionsPerImage = 9_786_543,
            },
            DeclaredCost = new DeclaredCostRecord(
                [
                    new DeclaredPartRecord("multiply-accumulates", 9.1e7, 5e-15, 2.05e8, "literature: a paper <of 2023>"),
                    new DeclaredPartRecord("output conversions", 2_951_234, 1.5e-12, 9_786_543, "fitted: order of magnitude"),
                    new DeclaredPartRecord("input conversions", 812_000, 2e-13, 812_000, null),
                ],
                250, 0.0021, 0.0049, "stem/conv", 0.00071)
            {
                Area = new StaticCostRecord(1.7, "fitted", "a cell: 0.4 um2, fitted: a <guess>; a column: 1000 um2, fitted: another"),
                StaticPower = new StaticCostRecord(0.164, "fitted, bench", "a cell: 0 uW, fitted: none; a column: 10 uW, bench: bench file"),
            },
            Search = Search(uniform, learned),
            Validation = new AccuracyRecord(7000, 93.01, 93.01 - 100 * counts.Drop, 100 * counts.Drop, 100 * decision.Limits.Low, 100 * decision.Limits.High, 0.9, 131, 74, counts.Discordance, null)
            {
                AccNoisyLow = 91.58, AccNoisyHigh = 92.82, Reads = 2_412_000_000, SaturatedShare = 2.1e-6,
            },
            Twin = [.. Layers.Select((layer, i) => new TwinRecord(layer.Name, 1 + 0.012 * Math.Sin(3 * i), 1 + 0.012 * Math.Sin(3 * i) - 0.03, 1 + 0.012 * Math.Sin(3 * i) + 0.031, 60_000, true) { BiasOverNoise = 0.05 })],
            TwinLimits = new TwinLimitsRecord(0.9, 1.1),
            Provenance = Provenance() with { Finished = new DateTimeOffset(2026, 3, 1, 12, 2, 31, TimeSpan.Zero) },
        };
    }

    public static CampaignRecord Partial() => new()
    {
        Status = RecordStatus.Partial,
        Phase = "calibrate",
        Reason = "device SIM-0001 did not answer within 2 s",
        Failure = new FailureRecord("DEVICE_FAULT", "device SIM-0001 did not answer within 2 s (limit 3 tries); check its supply and link"),
        Bench = new BenchRecord("embedded-crossbar", "crossbar", true, "SIM-0001", "sim 0.1.0", 128, 64, 48, 8, 9),
        Provenance = Provenance(),
    };

    private static ProvenanceRecord Provenance() => new()
    {
        Seed = ulong.MaxValue,
        ModelSha256 = new string('1', 64),
        BenchSha256 = new string('2', 64),
        Commit = "0123456789abcdef0123456789abcdef01234567",
        Started = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        Version = "0.1.0",
        Machine = "Linux, 2 cores, .NET 10.0.0",
        Inputs = new InputFilesRecord("config/benches/crossbar.json", "models/fashion-resnet.onnx", "fashion-mnist"),
        Phases = [new PhaseTimeRecord("calibrate", 21.5), new PhaseTimeRecord("learn", 70.25), new PhaseTimeRecord("validate", 48)],
        RawFiles = [new RawFileRecord("reads/sigma-full.npy", 4000, 64, new string('3', 64))],
    };

    private static CalibrationRecord Calibration()
    {
        var history = new List<SigmaHistoryRecord>();
        (string Name, double Value, double Relative)[] terms = [("thermal", 0.0102, 0.5), ("weight", 0.0471, 0.9), ("shot-direct", 0, 0)];
        for (int look = 1; look <= 12; look++)
        {
            long reads = look * look * 640L;
            foreach ((string name, double value, double relative) in terms)
            {
                double half = value > 0 ? value * relative * 20 / Math.Sqrt(reads) : 0.06 / Math.Pow(reads, 0.3);
                double centre = value * (1 + 0.3 * half / Math.Max(value, 1e-9) * Math.Sin(look));
                history.Add(new SigmaHistoryRecord(reads, name, centre, Math.Max(centre - half, 0), centre + half));
            }
        }

        return new CalibrationRecord
        {
            Sigmas =
            [
                .. history.TakeLast(3).Select(point => new SigmaRecord(point.Name, point.Value, "1", point.Low, point.High, point.Reads, point.Value > 0)),
            ],
            Averaging =
            [
                .. new[] { 1, 2, 4, 8, 16, 32, 64 }.Select((k, i) =>
                {
                    double variance = (2.1e-2 / k + 2.2e-4) * (1 + 0.03 * Math.Sin(7 * i));
                    return new AveragingRecord(k, variance, variance * 0.93, variance * 1.08, 1600);
                }),
            ],
            AveragingFit = new AveragingFitRecord(2.1e-2, 2.03e-2, 2.17e-2, 2.2e-4, 1.7e-4, 2.7e-4, true, 0.41),
            Reads = 1_240_320,
            History = [.. history],
            Diagnostics = new DiagnosticsRecord(6.2, 1.3, true, 3e-6, 1.0007, 0.4, 0),
        };
    }

    private static ImmutableArray<SearchPointRecord> Search(double uniform, double learned)
    {
        var points = new List<SearchPointRecord>();
        foreach ((string strategy, double chosen) in new[] { ("uniform", uniform), ("learned", learned) })
        {
            foreach (double factor in new[] { 4, 0.5, 1.8, 0.8, 1.3, 1 })
            {
                double drop = 0.85 * Math.Pow(factor, -1.1);
                points.Add(new SearchPointRecord(
                    strategy, chosen * factor, drop, 0.3, 0.035, NonInferiority.AcceptanceProbability(drop / 100, 0.035, 7000, 0.02, 0.003), 3000, factor == 1));
            }
        }

        return [.. points];
    }
}
