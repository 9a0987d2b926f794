using System.Text.Json.Nodes;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Plans;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Precision.PlanFiles;
using AnalogHil.Precision.Tests.PlanFiles;
using AnalogHil.V1;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Daemon.Tests.Plans;

/// <summary>Only plans that can be shown are kept, and a kept file that was damaged hides no other.</summary>
public sealed class PlanShelfTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LinesLog _log = new();
    private readonly PlanShelf _shelf;

    public PlanShelfTests() => _shelf = new PlanShelf(
        new StateDirectory(new DaemonOptions
        {
            SocketPath = _directory["hil.sock"], BenchDirectory = _directory["benches"], StateDirectory = _directory["state"],
        }),
        _log);

    [Theory]
    [InlineData("energy", "level", "0")]
    [InlineData("energy", "high", "1")]
    [InlineData("prediction", "drop_standard_error", "-1")]
    [InlineData("prediction", "drop_standard_error", "1e308")]
    public void Import_FiguresThatCannotBeShown_IsRefusedAndNothingIsKept(string part, string member, string value)
    {
        JsonNode plan = JsonNode.Parse(PlanFileJson.Serialize(SamplePlan.Whole()))!;
        plan["sha256"] = null;
        plan["prediction"]!["drop"] = 1e308;
        plan[part]![member] = JsonNode.Parse(value);

        CampaignException refused = Assert.Throws<CampaignException>(() => _shelf.Import(plan.ToJsonString()));

        Assert.Equal(ErrorReason.PlanInvalid, refused.Reason);
        Assert.Equal("file_json", Assert.Single(refused.Fields).Path);
        Assert.Empty(_shelf.Hashes(""));
    }

    [Fact]
    public void Listed_FilesThatCannotBeRead_AreLeftOutAndNamedInTheLog()
    {
        string hash = _shelf.Keep(SamplePlan.Whole());
        string damaged = _directory[$"state/plans/{new string('a', 64)}.plan.json"];
        string foreign = _directory["state/plans/mine.plan.json"];
        File.WriteAllText(damaged, "{");
        File.WriteAllText(foreign, PlanFileJson.Serialize(SamplePlan.Continuous()));

        Plan[] listed = [.. _shelf.Hashes("").Select(_shelf.Listed).OfType<Plan>()];

        Assert.Equal("plans/" + hash, Assert.Single(listed).Name);
        Assert.Equal(2, _log.Lines.Count);
        Assert.Contains(_log.Lines, line => line.StartsWith(damaged, StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.StartsWith(foreign, StringComparison.Ordinal));
        Assert.Equal(hash, Assert.Single(_shelf.Hashes(SamplePlan.Whole().Model.Sha256)));
        Assert.Equal(4, _log.Lines.Count);
    }

    [Fact]
    public void Describe_PlanThatCountsPhotons_SaysSo()
    {
        PlanFile plan = SamplePlan.Continuous();
        string hash = _shelf.Keep(plan with { Noise = plan.Noise with { Law = "shot:1", EnergyUnit = PlanNoise.Photons } });

        Assert.Equal("photons per MAC", _shelf.Describe(PlanShelf.Prefix + hash, withFile: false).Energy.Unit);
        Assert.Equal(PlanFileJson.Read(_directory[$"state/plans/{hash}.plan.json"]).Sha256, hash);
    }

    public void Dispose() => _directory.Dispose();

    private sealed class LinesLog : ILogger<PlanShelf>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
