using System.Text.Json;
using AnalogHil.Cli.Plans;
using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.PlanLearning;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Tests.PlanFiles;

namespace AnalogHil.Cli.Tests.Plans;

public sealed class ComparisonViewTests : IDisposable
{
    private static readonly string[] Paths = ["a.plan.json", "b.plan.json"];

    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void Write_MeasuredPlans_SaysUnitImagesAndWhatTheIntervalsCover()
    {
        PlanFile[] plans = [Photons(), Photons()];

        ComparisonView.Write(Paths, plans, Measured(plans), _terminal.Terminal.CreateConsole());

        // However the lines are broken to the width.
        string shown = string.Join(' ', _terminal.Output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Energy in photons per MAC at an equal drop of 2.00 points on 1,500 images", shown, StringComparison.Ordinal);
        Assert.Contains(FixedSetEnergy.Coverage, shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_MeasuredPlans_HasImagesLevelAndCoverage()
    {
        PlanFile[] plans = [Photons(), Photons()];

        using JsonDocument json = JsonDocument.Parse(ComparisonJson.Of(Paths, plans, Measured(plans)));

        JsonElement root = json.RootElement;
        Assert.Equal((1500, 0.95), (root.GetProperty("images").GetInt32(), root.GetProperty("level").GetDouble()));
        Assert.Equal(FixedSetEnergy.Coverage, root.GetProperty("coverage").GetString());
        Assert.Equal(5, root.GetProperty("plans")[1].GetProperty("draws").GetInt32());
    }

    public void Dispose() => _terminal.Dispose();

    private static PlanFile Photons()
    {
        PlanFile plan = SamplePlan.Continuous();
        return plan with { Noise = plan.Noise with { Law = "shot:1", EnergyUnit = PlanNoise.Photons } };
    }

    private static MeasuredPlans Measured(PlanFile[] plans)
    {
        var figure = new Estimate(3, new Interval(2, 4), "1", 5);
        var energy = new FixedSetEnergy("ours", true, figure, [], 0.02, -0.01, new EnergyPoint(3, [[3]]), [], 7500, "found");
        var ratio = new FixedSetRatio("ours", "ours", figure);
        return new MeasuredPlans([.. plans.Select(plan => new ComparedPlan(plan, energy, ratio))], 1500);
    }
}
