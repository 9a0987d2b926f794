using System.Text.Json;
using AnalogHil.V1;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>Campaigns and plans as operations of a daemon.</summary>
public sealed class OperationCommandTests : IAsyncLifetime
{
    private static readonly string[] Small = ["--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000"];

    private TestDaemon _daemon = null!;
    private Hil _hil = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _hil = new Hil(_daemon);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Campaign_CancelledAndResumed_GoesOnAsANewOperationOnItsRecord()
    {
        _daemon.HoldAt(CampaignPhase.Calibrate);
        string first = (await _hil.DoAsync(["campaign", "run", .. Small, "--out", _daemon["record"]])).Output.Trim();
        Assert.Equal(first, (await _hil.DoAsync("campaign", "cancel", first, "--json")).Json.GetProperty("name").GetString());
        Hil.Run ended = await _hil.RunAsync("campaign", "watch", first, "--json");
        Assert.Equal((75, "CANCELLED"), (ended.Code, ended.Refusal.GetProperty("reason").GetString()));

        _daemon.HoldAt(CampaignPhase.Calibrate);
        string second = (await _hil.DoAsync("campaign", "resume", first)).Output.Trim();
        Assert.NotEqual(first, second);
        JsonElement[] listed = [.. (await _hil.DoAsync("campaign", "list", "--json")).Json.GetProperty("operations").EnumerateArray()];
        Assert.Equal([first, second], listed.Select(operation => operation.GetProperty("name").GetString()));
        await _hil.DoAsync("campaign", "cancel", second);
        Assert.Equal(75, (await _hil.RunAsync("campaign", "watch", second)).Code);
    }

    [Fact]
    public async Task Campaign_UnknownOrWrong_IsRefusedWithItsReason()
    {
        foreach (string command in new[] { "show", "cancel", "resume", "watch" })
        {
            JsonElement unknown = await _hil.RefusedAsync(65, "NOT_FOUND", "campaign", command, "operations/none");
            Assert.Contains("operations/none", unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        JsonElement wrong = await _hil.RefusedAsync(64, "REQUEST_INVALID", "campaign", "run", "--model", "fashion-lenet", "--max-images", "10",
            "--out", _daemon["none"]);
        Assert.Equal("max_images", wrong.GetProperty("fields")[0].GetProperty("path").GetString());
        Assert.False(Directory.Exists(_daemon["none"]));
    }

    [Fact]
    public async Task PlanLearn_OnADaemon_EndsWithTheVerdictAndIsKept()
    {
        string file = _daemon["uniform.plan.json"];
        Hil.Run learned = await _hil.RunAsync(["plan", "learn", .. Small, "--method", "uniform", "--out", file, "--json"]);

        Assert.InRange(learned.Code, 0, 2);
        Assert.StartsWith("operations/", learned.Error, StringComparison.Ordinal);
        using JsonDocument plan = JsonDocument.Parse(learned.Output);
        string[] verdicts = ["ACCEPT", "REJECT", "INCONCLUSIVE"];
        Assert.Equal(verdicts[learned.Code], plan.RootElement.GetProperty("certificate").GetProperty("verdict").GetString());
        Assert.Equal(await File.ReadAllTextAsync(file), learned.Output);
        JsonElement kept = Assert.Single((await _hil.DoAsync("plan", "list", "--json")).Json.GetProperty("plans").EnumerateArray());
        JsonElement energy = kept.GetProperty("energy");
        Assert.Equal(plan.RootElement.GetProperty("energy").GetProperty("per_mac").GetDouble(), energy.GetProperty("value").GetDouble());
        Assert.InRange(energy.GetProperty("value").GetDouble(), energy.GetProperty("low").GetDouble(), energy.GetProperty("high").GetDouble());
    }

    [Fact]
    public async Task PlanLearn_WhatDaemonsDoNotTake_IsRefusedWithTheWayOut()
    {
        JsonElement steps = await _hil.RefusedAsync(64, "USAGE", ["plan", "learn", .. Small, "--steps", "4"]);
        Assert.Contains("leave them or --server out", steps.GetProperty("message").GetString(), StringComparison.Ordinal);
        JsonElement method = await _hil.RefusedAsync(64, "USAGE", ["plan", "learn", .. Small, "--method", "corrected"]);
        Assert.Equal("leave --server out", method.GetProperty("remedy").GetString());
    }

    [Fact]
    public async Task PlanLearn_Interrupted_SaysThatTheDaemonGoesOnAndHowToEndIt()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new StringWriter();
        using var lines = new LineWriter();
        Task<int> learning = AnalogHil.Cli.Commands.HilCommand.InvokeAsync(
            ["plan", "learn", "--model", "fashion-lenet", "--json", "--server", _daemon.SocketPath], _hil.TerminalTo(output, lines), interrupt.Token);
        string name = await lines.NextAsync();
        Assert.StartsWith("operations/", name, StringComparison.Ordinal);
        await interrupt.CancelAsync();

        Assert.Equal(75, await learning);
        JsonElement error = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("error");
        Assert.Equal("STOPPED", error.GetProperty("reason").GetString());
        Assert.Contains($"hil campaign cancel {name}", error.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        await _hil.DoAsync("campaign", "cancel", name);
        Assert.Equal(75, (await _hil.RunAsync("campaign", "watch", name)).Code);
    }
}
