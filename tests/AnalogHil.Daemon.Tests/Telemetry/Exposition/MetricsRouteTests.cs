using System.Net;
using System.Runtime.Versioning;
using AnalogHil.Daemon.Telemetry.Exposition;
using AnalogHil.Daemon.Tests.Hosting;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Tests.Telemetry.Exposition;

[UnsupportedOSPlatform("windows")]
public sealed class MetricsRouteTests
{
    [Fact]
    public async Task Get_AfterACall_HasItsCountAndTime()
    {
        await using TestHost host = await StartAsync();
        await new SystemService.SystemServiceClient(host.Channel).GetServerInfoAsync(new GetServerInfoRequest());

        (HttpStatusCode code, string type, string text) = await GetAsync(Socket(host), "/metrics", HttpVersion.Version11);

        Assert.Equal((HttpStatusCode.OK, PrometheusText.ContentType), (code, type));
        Assert.Contains("analoghil_rpc_call_duration_seconds_count{code=\"OK\",method=\"/analoghil.v1.SystemService/GetServerInfo\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE analoghil_start_time_seconds gauge", text, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_", text, StringComparison.Ordinal);
        AssertWellFormed(text);
    }

    [Fact]
    public async Task Socket_OfTheMetrics_IsItsOwnersAndCarriesNoCalls()
    {
        await using TestHost host = await StartAsync();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket(host)));
        (HttpStatusCode code, _, _) = await GetAsync(Socket(host), "/analoghil.v1.SystemService/GetServerInfo", HttpVersion.Version11);
        Assert.NotEqual(HttpStatusCode.OK, code);
    }

    [Fact]
    public async Task Get_OnTheSocketOfTheCalls_IsNotFound()
    {
        await using TestHost host = await StartAsync();

        (HttpStatusCode code, _, _) = await GetAsync(host.Host.SocketPath, "/metrics", HttpVersion.Version20);

        Assert.Equal(HttpStatusCode.NotFound, code);
    }

    private static string Socket(TestHost host) => host["run/metrics.sock"];

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(options =>
        options with { Metrics = new MetricsAddress(null, Path.Combine(Path.GetDirectoryName(options.SocketPath)!, "metrics.sock")) });

    private static async Task<(HttpStatusCode Code, string Type, string Text)> GetAsync(string socket, string path, Version version)
    {
        using HttpMessageInvoker http = TestHost.Http(socket);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost" + path) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage response = await http.SendAsync(request, CancellationToken.None);
        return (response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", await response.Content.ReadAsStringAsync());
    }

    // Every line is a comment of a family or a sample of the family before it, and no family comes twice: what a scraper insists on.
    private static void AssertWellFormed(string text)
    {
        var families = new HashSet<string>();
        string family = "";
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(families.Add(family), line);
            }
            else if (line[0] != '#')
            {
                Assert.StartsWith(family, line, StringComparison.Ordinal);
                Assert.Matches(@"^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]\w*=""([^""\\\n]|\\[\\n""])*""(,[a-zA-Z_]\w*=""([^""\\\n]|\\[\\n""])*"")*\})? (NaN|[+-]Inf|-?[0-9.]+(E[+-]?[0-9]+)?)$", line);
            }
        }
    }
}
