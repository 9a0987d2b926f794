using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>`hil` as a shell runs it: signals, and completion by the shell itself.</summary>
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

    [Theory]
    [InlineData("hil lea", "lease")]
    [InlineData("hil lease ac", "acquire")]
    [InlineData("hil device settings --val", "--validate-only")]
    [InlineData("hil run --max-d", "--max-drop")]
    [InlineData("hil completion z", "zsh")]
    public async Task Completion_SourcedByBash_CompletesTheWord(string line, string expected)
    {
        // What bash does when Tab is pressed: it sets these variables and calls the function.
        string script = $$"""
            hil() { dotnet '{{Program}}' "$@"; }
            source <(hil completion bash)
            complete -p hil >/dev/null || exit 3
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _hil_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        Assert.Equal([expected], await LinesAsync("bash", ["--norc", "-c", script]));
    }

    [Fact]
    public async Task Completion_OfEveryShell_IsAcceptedByItWhereItIsInstalled()
    {
        foreach (string shell in new[] { "bash", "zsh", "fish" })
        {
            string file = _daemon[$"completion.{shell}"];
            await File.WriteAllLinesAsync(file, await LinesAsync("dotnet", [Program, "completion", shell]));
            if (Installed(shell))
            {
                Assert.Empty(await LinesAsync(shell, ["-n", file]));
            }

            Assert.Contains("[suggest:", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
    }

    private static bool Installed(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, program)));

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

    private static async Task<string[]> LinesAsync(string program, string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Limit);
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    // What starts the tests may have them ignore Ctrl-C (a shell's background does), and children inherit that; a terminal's do not.
    private static Process Start(string program, string[] arguments)
    {
        string[] line = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", program, .. arguments] : [program, .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
