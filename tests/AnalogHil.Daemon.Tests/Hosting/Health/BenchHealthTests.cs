using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Hosting.Health;
using AnalogHil.Daemon.Tests.Fakes;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace AnalogHil.Daemon.Tests.Hosting.Health;

/// <summary>Health of a daemon over its socket: it serves when a device has proven to work.</summary>
public sealed class BenchHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Watch_BenchThatWorks_TurnsToServingWithTheServicesThatDriveIt()
    {
        await using TestHost host = await StartAsync("ideal");

        await ServesAsync(host, "bench/ideal", ServingStatus.Serving);

        HealthListResponse list = await Client(host).ListAsync(new HealthListRequest());
        Assert.All(
            new[] { "", "analoghil.v1.CampaignService", "analoghil.v1.SystemService", "analoghil.v1.TelemetryService" },
            service => Assert.Equal(ServingStatus.Serving, list.Statuses[service].Status));
    }

    [Fact]
    public async Task Watch_DeviceThatIsNotThere_IsNotServingWhileTheDaemonIs()
    {
        await using TestHost host = await StartAsync("serial-posix", bench => bench.Replace("\"launch\"", "\"ignored\"", StringComparison.Ordinal));

        // What needs no device serves from the start, so the order of events is known only for what does.
        HealthListResponse list = await Client(host).ListAsync(new HealthListRequest());

        Assert.Equal(ServingStatus.Serving, list.Statuses["analoghil.v1.SystemService"].Status);
        Assert.Equal(ServingStatus.NotServing, list.Statuses["analoghil.v1.CampaignService"].Status);
        Assert.Equal(ServingStatus.NotServing, (await Client(host).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Check_DaemonThatProbesNothing_SaysThatItAnswers()
    {
        await using TestHost host = await TestHost.StartAsync();

        Assert.Equal(ServingStatus.Serving, (await Client(host).CheckAsync(new HealthCheckRequest { Service = "analoghil.v1.CampaignService" })).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Round_BenchWithASerialLineOrAProgram_IsTouchedOnlyWhenItIsNamed(bool isNamed)
    {
        using var directory = new TemporaryDirectory();
        string started = directory["started"];
        await using TestHost host = await TestHost.StartAsync(options =>
        {
            Directory.CreateDirectory(options.BenchDirectory);
            File.WriteAllText(Path.Combine(options.BenchDirectory, "wired.json"), Serial("wired", $"\"port\": \"{directory["no-such-line"]}\""));
            File.WriteAllText(
                Path.Combine(options.BenchDirectory, "launched.json"),
                Serial("launched", $"\"launch\": {{ \"command\": [\"/usr/bin/touch\", \"{started}\"] }}"));
            return options with { ProbedBenches = isNamed ? ["wired", "launched"] : null };
        });

        await host.Host.Services.GetServices<IHostedService>().OfType<BenchProber>().Single().RoundAsync(CancellationToken.None);

        HealthListResponse list = await Client(host).ListAsync(new HealthListRequest());
        Assert.Equal(
            (isNamed, isNamed, isNamed),
            (list.Statuses.ContainsKey("bench/wired"), list.Statuses.ContainsKey("bench/launched"), File.Exists(started)));
    }

    [Fact]
    public async Task Start_NameOfNoBench_IsRefusedBeforeAnythingListens()
    {
        using var directory = new TemporaryDirectory();
        await using DaemonHost host = DaemonHost.Build(new DaemonOptions
        {
            SocketPath = directory["run/hil.sock"], BenchDirectory = directory.Location, HandlesSignals = false, ProbedBenches = ["no-such-bench"],
        });

        CampaignException refused = await Assert.ThrowsAsync<CampaignException>(() => host.StartAsync(CancellationToken.None));

        Assert.Contains("benches to be probed: no bench 'no-such-bench'", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory["run/hil.sock"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Round_BenchFileThatIsDeletedLater_SpeaksAgainstTheBenchNotTheDaemon(bool isNamed)
    {
        string file = "";
        await using TestHost host = await TestHost.StartAsync(options =>
        {
            file = Repository.CopyBench("ideal", options.BenchDirectory);
            return options with { ProbeInterval = TimeSpan.FromHours(1), ProbedBenches = isNamed ? ["ideal"] : null };
        });
        await ServesAsync(host, "bench/ideal", ServingStatus.Serving);

        File.Delete(file);
        host.Host.Services.GetRequiredService<BenchEvidence>().Of(file).Failed("so that the next round asks it");
        await host.Host.Services.GetRequiredService<BenchProber>().RoundAsync(CancellationToken.None);

        Assert.Equal(ServingStatus.NotServing, (await Client(host).CheckAsync(new HealthCheckRequest { Service = "bench/ideal" })).Status);
        Assert.Contains("cannot be read", host.Host.Services.GetRequiredService<BenchEvidence>().Of(file).Failure, StringComparison.OrdinalIgnoreCase);
        Assert.False(host.Host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private static string Serial(string name, string line) => $$"""
        { "driver": "serial", "name": "{{name}}", "description": "d", "architecture": "crossbar",
          "serial": { "baud": 115200, "watchdogMilliseconds": 500, {{line}} } }
        """;

    private static Grpc.Health.V1.Health.HealthClient Client(TestHost host) => new(host.Channel);

    private static Task<TestHost> StartAsync(string bench, Func<string, string>? edit = null) => TestHost.StartAsync(options =>
    {
        string copy = Repository.CopyBench(bench, options.BenchDirectory);
        File.WriteAllText(copy, edit?.Invoke(File.ReadAllText(copy)) ?? File.ReadAllText(copy));
        return options with { ProbeInterval = TimeSpan.FromHours(1) };
    });

    private static async Task ServesAsync(TestHost host, string service, ServingStatus wanted)
    {
        using AsyncServerStreamingCall<HealthCheckResponse> watch = Client(host).Watch(new HealthCheckRequest { Service = service }, deadline: DateTime.UtcNow + Limit);
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext());
        }
        while (watch.ResponseStream.Current.Status != wanted);
    }
}
