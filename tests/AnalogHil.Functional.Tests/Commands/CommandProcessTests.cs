using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>`hil` as a shell runs it: its signals.</summary>
public sealed class CommandProcessTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "hil.dll");

    private TestDaemon _daemon = null!;

    public async Task InitializeAsync() => _daemon = await TestDaemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task Watch_CtrlC_EndsWith0()
    {
        using Process watch = Start("dotnet", [Program, "watch", "--server", _daemon.SocketPath]);
        string? line;
        do
        {
            line = await watch.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        }
        while (line?.Contains("homodyne", StringComparison.Ordinal) == false);

        Assert.Equal((0, ""), await InterruptAsync(watch));
    }

    [Fact]
    public async Task PlanLearn_CtrlC_Is75AndWritesNothing()
    {
        using Process learn = Start("dotnet", [Program, "plan", "learn", "--model", "fashion-lenet", "--out", _daemon["a.plan.json"]]);
        Assert.NotNull(await learn.StandardError.ReadLineAsync().WaitAsync(Limit));

        (int code, string error) = await InterruptAsync(learn);

        Assert.Equal(75, code);
        Assert.Contains("no plan was written", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_daemon["a.plan.json"]));
    }

    [Fact]
    public async Task Daemon_Json_SaysWhatItServesOnAndEveryLineIsAnObject()
    {
        string socket = _daemon["other/hil.sock"];
        using Process daemon = Start("dotnet", [Program, "daemon", "--json", "--socket", socket, "--benches", _daemon.Benches, "--probe", "none"]);
        JsonElement line;
        do
        {
            line = JsonDocument.Parse((await daemon.StandardOutput.ReadLineAsync().WaitAsync(Limit))!).RootElement;
        }
        while (!line.TryGetProperty("listening", out _));

        Assert.Equal(socket, line.GetProperty("listening").GetProperty("socket").GetString());
        Assert.True(File.Exists(socket));
        Assert.Equal(0, (await InterruptAsync(daemon)).Code);
    }

    private static async Task<(int Code, string Error)> InterruptAsync(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(Limit);
        await output;
        return (process.ExitCode, await error);
    }

    // What starts the tests may have them ignore Ctrl-C (a shell's background does), and children inherit that; a terminal's do not.
    private static Process Start(string program, string[] arguments)
    {
        string[] line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", program, .. arguments] : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
