using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>A campaign, then its network step by step, each as a command.</summary>
public sealed class DeploymentCommandTests : IAsyncLifetime
{
    private const string Bench = "crossbar";
    private TestDaemon _daemon = null!;
    private Hil _hil = null!;

    public async Task InitializeAsync()
    {
        _daemon = await TestDaemon.StartAsync();
        _hil = new Hil(_daemon);
    }

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task CampaignPushValidateRollback_AsCommands_GoStepByStep()
    {
        string record = _daemon["record"];
        string campaign = (await _hil.DoAsync(
            "campaign", "run", "--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000", "--out", record)).Output.Trim();
        Hil.Run ended = await _hil.RunAsync("campaign", "watch", campaign, "--json");
        JsonElement response = ended.Json.GetProperty("response");
        Assert.Equal(ended.Code, Code(response));
        Assert.Contains("left in this step", ended.Error, StringComparison.Ordinal);
        await _hil.RefusedAsync(78, "NOT_RESUMABLE", "campaign", "resume", campaign);
        Hil.Run report = await _hil.ReportAsync(record, "--json");
        Assert.Equal(ended.Code, report.Code);
        Assert.Equal(response.GetProperty("verdict").GetString(), "VERDICT_" + report.Json.GetProperty("verdict").GetString()!.ToUpperInvariant());

        Hil.Run bits = await _hil.AloneAsync("plan", "bits", "--profile", record, "--max-images", "200", "--threads", "1", "--json");
        Assert.True(bits.Code == 0, bits.Error);
        Assert.True(bits.Json.GetProperty("joules").GetDouble() <= bits.Json.GetProperty("joules_in_use").GetDouble());
        Assert.True(bits.Json.GetProperty("joules").GetDouble() >= bits.Json.GetProperty("joules_lower_bound").GetDouble());
        Assert.Equal(4, bits.Json.GetProperty("layers").GetArrayLength());
        Assert.Equal(200, bits.Json.GetProperty("examples").GetInt32());
        Hil.Run finer = await _hil.AloneAsync("plan", "bits", "--profile", record, "--fewest-bits", "9", "--json");
        Assert.Equal(78, finer.Code);
        Assert.Contains("--fewest-bits is 9, must be at most 8", finer.Error, StringComparison.Ordinal);
        foreach (string command in (string[])["bits", "learn"])
        {
            Hil.Run beyond = await _hil.AloneAsync("plan", command, "--profile", record, "--max-k", "1000000000", "--json");
            Assert.Equal(78, beyond.Code);
            Assert.Contains("were seen to pay", beyond.Error, StringComparison.Ordinal);
        }

        string[] small = ["--max-images", "300", "--max-drop", "10", "--threads", "1", "--steps", "2"];
        string[] learned = [_daemon["modes.plan.json"], _daemon["upper.plan.json"], _daemon["usual.plan.json"]];
        foreach ((string file, string option) in learned.Zip((string[])["--modes", "--upper-limits", "--json"]))
        {
            Hil.Run plan = await _hil.AloneAsync(["plan", "learn", "--profile", option == "--json" ? record + "/" : record, .. small, option, "--out", file]);
            Assert.True(plan.Code is 0 or 1 or 2, plan.Error);
        }

        using JsonDocument upper = JsonDocument.Parse(await File.ReadAllTextAsync(learned[1]));
        Assert.Equal("upper-limits", upper.RootElement.GetProperty("noise").GetProperty("sigmas").GetString());
        Hil.Run compared = await _hil.AloneAsync("plan", "compare", learned[2], learned[0], "--limit", "100", "--threads", "1", "--json");
        Assert.True(compared.Code == 0, compared.Error);

        // A campaign in the place of the one that they were learned against, which measured a little less noise. Its report alone may be written anew.
        string written = Path.Combine(record, "report.json");
        await File.AppendAllTextAsync(written, "\n");
        string kept = Path.Combine(record, "checkpoints", "calibrate.json");
        string text = await File.ReadAllTextAsync(kept);
        JsonNode other = JsonNode.Parse(text)!;
        JsonNode sigma = other["Result"]!["Result"]!["Profile"]!["Terms"]![0]!["Sigma"]!;
        sigma["Value"] = 0.5 * (sigma["Value"]!.GetValue<double>() + sigma["Interval"]![0]!.GetValue<double>());
        await File.WriteAllTextAsync(kept, other.ToJsonString());
        Hil.Run unlikeRecord = await _hil.AloneAsync("plan", "compare", learned[2], learned[0], "--limit", "100", "--threads", "1", "--json");
        Assert.Equal(78, unlikeRecord.Code);
        Assert.Contains("has other noise", unlikeRecord.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(kept, text);
        Hil.Run resumed = await _hil.AloneAsync("plan", "compare", learned[2], learned[0], "--limit", "100", "--threads", "1", "--json");
        Assert.True(resumed.Code == 0, resumed.Error);
        Hil.Run unlikeNoise = await _hil.AloneAsync("plan", "compare", learned[2], learned[1], "--recorded", "--json");
        Assert.Equal(78, unlikeNoise.Code);
        Assert.Contains("upper-limits", unlikeNoise.Error, StringComparison.Ordinal);

        using var pressed = new CancellationTokenSource();
        await pressed.CancelAsync();
        Assert.Equal(75, (await _hil.AloneAsync(pressed.Token, "plan", "bits", "--profile", record)).Code);
        Hil.Run none = await _hil.AloneAsync("plan", "bits", "--profile", _daemon["nowhere"], "--json");
        Assert.Equal((78, 78), (none.Code, none.Refusal.GetProperty("exit_code").GetInt32()));

        string lease = (await _hil.DoAsync("lease", "acquire", Bench, "--ttl", "3600")).Output.Trim();
        await _hil.RefusedAsync(77, "LEASE_HELD", "push", "stage", Bench, "--record", record);
        JsonElement closed = await _hil.RefusedAsync(78, "NOT_ARMED", "push", "stage", Bench, "--record", record, "--lease", lease);
        Assert.Contains("arm", closed.GetProperty("message").GetString(), StringComparison.Ordinal);
        await _hil.DoAsync("device", "arm", Bench, "--lease", lease);
        await _hil.RefusedAsync(64, "USAGE", "push", "stage", Bench, "--record", record, "--plan", "plans/a", "--uniform", "2", "--lease", lease);
        JsonElement unlike = await _hil.RefusedAsync(78, "NOT_RESUMABLE", "push", "stage", Bench, "--record", _daemon["nowhere"], "--lease", lease);
        Assert.Contains("nowhere", unlike.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("name the directory that hil run --out wrote", unlike.GetProperty("remedy").GetString());

        // A file of the program's, although it begins as the name of a kept model does.
        string low = (await _hil.DoAsync("push", "stage", Bench, "--record", record, "--model", "models/fashion-lenet.onnx", "--uniform", "1", "--lease", lease,
            "--json")).Json.GetProperty("staged_hash").GetString()!;
        await _hil.RefusedAsync(75, "STALE", "push", "commit", Bench, new string('0', 64), "--lease", lease);
        Assert.Contains($"in force {low}", (await _hil.DoAsync("push", "commit", Bench, low, "--lease", lease)).Output, StringComparison.Ordinal);
        string staged = (await _hil.DoAsync("push", "stage", Bench, "--record", record, "--lease", lease)).Output;
        string high = staged.Split($"hil push commit {Bench} ")[1].Trim();
        await _hil.DoAsync("push", "commit", Bench, high, "--lease", lease);

        JsonElement few = await _hil.RefusedAsync(64, "REQUEST_INVALID", "validate", Bench, "--max-images", "10", "--lease", lease);
        Assert.Equal("max_images", few.GetProperty("fields")[0].GetProperty("path").GetString());
        Hil.Run validated = await _hil.RunAsync("validate", Bench, "--max-drop", "20", "--max-images", "200", "--lease", lease, "--json");
        Assert.Equal(validated.Code, Code(validated.Json));
        JsonElement drop = validated.Json.GetProperty("drop");
        Assert.InRange(drop.GetProperty("value").GetDouble(), drop.GetProperty("low").GetDouble(), drop.GetProperty("high").GetDouble());
        Assert.Equal("200", drop.GetProperty("n").GetString());
        Assert.NotEmpty(drop.GetProperty("unit").GetString()!);
        foreach (string accuracy in (string[])["clean_accuracy", "device_accuracy"])
        {
            JsonElement estimate = validated.Json.GetProperty(accuracy);
            Assert.Equal(("200", 0.95), (estimate.GetProperty("n").GetString(), estimate.GetProperty("level").GetDouble()));
            Assert.InRange(estimate.GetProperty("value").GetDouble(), estimate.GetProperty("low").GetDouble(), estimate.GetProperty("high").GetDouble());
        }

        Assert.Contains($"in force {low}", (await _hil.DoAsync("push", "rollback", Bench, "--lease", lease)).Output, StringComparison.Ordinal);
        Assert.Equal(low, (await _hil.DoAsync("device", "settings", Bench, "--json")).Json.GetProperty("etag").GetString());

        // The plan with a mode for each layer, learned beside the daemon, in force and tried.
        using JsonDocument modes = JsonDocument.Parse(await File.ReadAllTextAsync(learned[0]));
        JsonElement given = (await _hil.DoAsync("push", "stage", Bench, "--record", record, "--plan", learned[0], "--reprogram", "--lease", lease, "--json")).Json;
        Assert.Equal(
            modes.RootElement.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("mode").GetString(), layer.GetProperty("repeats")[0].GetDouble())),
            given.GetProperty("layers").EnumerateArray().Select(layer => (layer.GetProperty("mode").GetString(), layer.GetProperty("repeats").GetDouble())));
        JsonElement listed = Assert.Single((await _hil.DoAsync("plan", "list", "--json")).Json.GetProperty("plans").EnumerateArray());
        Assert.Equal($"plans/{modes.RootElement.GetProperty("sha256").GetString()}", listed.GetProperty("name").GetString());
        Assert.True((await _hil.DoAsync("plan", "import", learned[0], "--json")).Json.GetProperty("already_there").GetBoolean());
        await _hil.DoAsync("push", "commit", Bench, given.GetProperty("staged_hash").GetString()!, "--lease", lease);

        // The same record however it is written is the same calibration; another one means another program, which ends the plan: only with leave.
        await _hil.DoAsync("push", "stage", Bench, "--record", record + "/", "--plan", learned[0], "--lease", lease);
        Directory.CreateSymbolicLink(_daemon["other"], record);
        JsonElement leave = await _hil.RefusedAsync(78, "PLAN_DOES_NOT_FIT", "push", "stage", Bench, "--record", _daemon["other"], "--uniform", "1", "--lease", lease);
        Assert.Contains("--reprogram", leave.GetProperty("message").GetString(), StringComparison.Ordinal);
        string large = _daemon["large.plan.json"];
        string unhashed = (await File.ReadAllTextAsync(learned[0])).Replace($"\"{modes.RootElement.GetProperty("sha256").GetString()}\"", "null", StringComparison.Ordinal);
        await File.WriteAllTextAsync(large, unhashed + new string(' ', 5 << 20));
        JsonElement tooLarge = await _hil.RefusedAsync(65, "INPUT_INVALID", "plan", "import", large);
        Assert.Contains("in one message", tooLarge.GetProperty("message").GetString(), StringComparison.Ordinal);
        Hil.Run tried = await _hil.RunAsync("validate", Bench, "--max-drop", "20", "--max-images", "200", "--lease", lease, "--json");
        Assert.Equal(tried.Code, Code(tried.Json));
        Assert.Equal(given.GetProperty("layers").ToString(), tried.Json.GetProperty("layers").ToString());
    }

    // The verdicts of the exit codes: 0 ACCEPT, 1 REJECT, 2 INCONCLUSIVE.
    private static int Code(JsonElement response) => response.GetProperty("verdict").GetString() switch
    {
        "VERDICT_ACCEPT" => 0,
        "VERDICT_REJECT" => 1,
        "VERDICT_INCONCLUSIVE" => 2,
        string other => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no verdict: {other}")),
        null => throw new InvalidOperationException("no verdict"),
    };
}
