using AnalogHil.Calibration.Mix;
using Xunit.Abstractions;

namespace AnalogHil.Calibration.Tests.Mix;

public sealed class ReadAllotmentTests(ITestOutputHelper output)
{
    private static readonly (MixTerm Term, double Sigma)[] Equal = [(MixTerm.Thermal, 1 / 16.0), (MixTerm.Weight, 1 / 8.0), (MixTerm.ShotBalanced, 1 / 4.0)];

    [Fact]
    public void Plan_ThreeEqualTerms_TakesTheReadsOfTheory()
    {
        ReadAllotment plan = ReadAllotment.Plan(Synthetic.Corners, Synthetic.FullScale, Equal, 0, 0.05);
        output.WriteLine($"{plan.Total} reads: {string.Join(", ", plan.Points.Zip(plan.Reads))}; errors {string.Join(", ", plan.RelativeErrors.Select(e => e.ToString("F4")))}; gap {plan.Gap:E1}");
        Assert.InRange(plan.Total, 21320 * 0.995, 21320 * 1.01);
        Assert.InRange(plan.Reads[0], 1200, 1400);
        Assert.InRange(plan.Reads[1], 8000, 8650);
        Assert.InRange(plan.Reads[2], 11300, 12100);
        Assert.All(plan.RelativeErrors, error => Assert.InRange(error, 0, 0.0502));
        Assert.InRange(plan.Gap, -1e-6, 0.01);
    }

    [Fact]
    public void Plan_MorePoints_NeverTakesMoreReads()
    {
        long corners = ReadAllotment.Plan(Synthetic.Corners, Synthetic.FullScale, Equal, 0, 0.05).Total;
        ReadAllotment extra = ReadAllotment.Plan(Synthetic.Extra, Synthetic.FullScale, Equal, 0, 0.05);
        output.WriteLine($"{extra.Total} reads with more points, {corners} with corners: {string.Join(", ", extra.Points.Zip(extra.Reads))}");
        Assert.InRange(extra.Total, 1, corners * 1.01);
    }

    [Fact]
    public void Judge_NetworkLikeProbes_AreRefusedWithTheReason()
    {
        // Mean squares of inputs up to 0.15 and of weights up to 0.06 of full scale.
        var random = new Random(31);
        (string Name, ProbeConditions Conditions)[] network =
        [
            .. Enumerable.Range(0, 60).Select(i =>
            {
                double u = 0.15 * random.NextDouble();
                return ($"row{i}", new ProbeConditions(16, 16 * u, 16 * Math.Sqrt(u) * 0.8, 16 * 0.06 * random.NextDouble(), 0));
            }),
        ];
        ProbeAdequacy found = ProbeAdequacy.Judge(network, Synthetic.Corners, Synthetic.FullScale, Equal, 0, 0.05);
        output.WriteLine($"{found.Reads:G4} against {found.BestReads}: {found.Refusal}");
        Assert.NotNull(found.Refusal);
        Assert.Contains("full scale", found.Refusal, StringComparison.Ordinal);
        Assert.Null(ProbeAdequacy.Judge(Synthetic.Corners, Synthetic.Corners, Synthetic.FullScale, Equal, 0, 0.05).Refusal);
    }

    [Fact]
    public void Judge_OnePointOnly_CannotSeparate() =>
        Assert.Contains("do not separate", ProbeAdequacy.Judge([Synthetic.Corners[2]], Synthetic.Corners, Synthetic.FullScale, Equal, 0, 0.05).Refusal, StringComparison.Ordinal);
}
