using System.Text.Json;
using AnalogHil.Cli.Deployments;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Deployments;

public sealed class ValidationViewTests
{
    private static ValidateResponse Found => new()
    {
        Verdict = Verdict.Accept,
        Reason = "below",
        CleanAccuracyPercent = 90,
        DeviceAccuracyPercent = 100,
        Drop = new Estimate { Value = -10, Low = -13, High = -7, Unit = "percentage points", N = 200, Level = 0.9 },
    };

    // Wilson for 180 and for 200 of 200.
    [Fact]
    public void Text_BothAccuracies_HaveIntervalsAndN() => Assert.Equal(
        "accuracy 90.00 % [85.06, 93.43] clean, 100.00 % [98.12, 100.00] on the device (95 %, n = 200); drop -10.00 [-13.00, -7.00] percentage points (90 %, n = 200)",
        ValidationView.Text(Found));

    [Fact]
    public void Json_BothAccuracies_AreEstimatesBesideTheReply()
    {
        using JsonDocument json = JsonDocument.Parse(ValidationView.Json(Found));

        Assert.Equal("VERDICT_ACCEPT", json.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(90, json.RootElement.GetProperty("clean_accuracy_percent").GetDouble());
        JsonElement clean = json.RootElement.GetProperty("clean_accuracy");
        Assert.Equal((90.0, 0.95), (clean.GetProperty("value").GetDouble(), clean.GetProperty("level").GetDouble()));
        Assert.Equal(("200", "percent"), (clean.GetProperty("n").GetString(), clean.GetProperty("unit").GetString()));
        Assert.InRange(clean.GetProperty("low").GetDouble(), 85.05, 85.07);
        Assert.Equal(100, json.RootElement.GetProperty("device_accuracy").GetProperty("high").GetDouble());
    }

    [Fact]
    public void Json_ReplyWithoutN_IsTheReply()
    {
        using JsonDocument json = JsonDocument.Parse(ValidationView.Json(new ValidateResponse { Reason = "none" }));

        Assert.False(json.RootElement.TryGetProperty("clean_accuracy", out _));
    }
}
