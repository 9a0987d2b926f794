using System.Collections.Immutable;
using AnalogHil.Precision.PlanFiles;

namespace AnalogHil.Precision.Tests.PlanFiles;

/// <summary>Plans of an invented network; nothing in them was measured.</summary>
internal static class SamplePlan
{
    public static PlanFile Whole() => new()
    {
        Schema = PlanFile.CurrentSchema,
        Model = new PlanModel("net", new string('a', 64), "/models/net.onnx", 10, 1800),
        Data = new PlanData("pictures", null, 1024, 400, 600) { LearningDirectory = "/data/more" },
        Noise = new PlanNoise(PlanNoise.OfDevice, null, [new PlanNoiseTerm("thermal", 0.01, 0.009, null, 1000, true)], "runs/a", new string('b', 64), "SIM-1", "reads per MAC"),
        Method = new PlanMethod(
            "integer", ImmutableSortedDictionary<string, double>.Empty.Add("steps", 50).Add("learning_rate", 0.04), 3.2, 100, 200, 5000, 1.5, 9, 0.1, 0.05, 0.01)
        {
            LargestEnergy = 64,
        },
        Granularity = "layer",
        Energy = new PlanEnergy(3.5, 2, null, 10, 8, 12, 0.35, 0.3, 0.4, 0.95),
        Prediction = new PlanPrediction(true, 0.012, 0.002, 0.91, 0.02, "found"),
        Certificate = new PlanCertificate("ACCEPT", 600, 1, 0.02, 0.008, 0.001, 0.015, 1.1, null, null, "below", "assumed"),
        Layers =
        [
            new PlanLayer("conv,1", "Conv", 9, 900, 50, 2, 1, "read-and-average", [2], [2], 2.0 / 7, 4.5)
            {
                Digital = new PlanDigital([1.1, 0.9], [0, -0.1], new PlanFullScale(0, 2, 8, [-1, -1], [1, 0.5], 8)),
            },
            new PlanLayer("fc", "Gemm", 90, 900, 1, 10, 1, "read-and-average", [5], [5], 5.0 / 7, null),
        ],
        Advice = ["more reads would help"],
        Points = [new PlanPoint("uniform", 10, 0.01, 0.005, 0.015, 400, 2)],
        Seeds = new PlanSeeds(1, 2, 3, ulong.MaxValue) { Given = 7 },
        Code = new PlanCode("hil", "0.1.0", ""),
        Assumptions = ["invented \u03c3"],
    };

    public static PlanFile Continuous()
    {
        PlanFile plan = Whole();
        ImmutableArray<double> wide = [.. Enumerable.Range(1, 10).Select(i => Math.Sqrt(i) / 3)];
        double mean = (0.2 + wide.Average()) / 2;
        return plan with
        {
            Granularity = "channel",
            Noise = plan.Noise with { Kind = PlanNoise.OfLaw, Law = "thermal:0.01", Terms = [], Record = null, RecordSha256 = null, Device = null },
            Energy = plan.Energy with { PerMac = mean },
            Layers = [plan.Layers[0] with { Energy = [0.1, 0.3], Repeats = null }, plan.Layers[1] with { Energy = wide, Repeats = null }],
        };
    }
}
