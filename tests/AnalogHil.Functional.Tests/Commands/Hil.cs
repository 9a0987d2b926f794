using System.Text.Json;
using AnalogHil.Cli;
using AnalogHil.Cli.Commands;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>`hil` in this process, against the daemon of a test.</summary>
internal sealed class Hil(TestDaemon daemon)
{
    /// <summary>What a command did.</summary>
    public sealed record Run(int Code, string Output, string Error)
    {
        /// <summary>Its output as JSON; the last line, where it printed several.</summary>
        public JsonElement Json => JsonDocument.Parse(Output.TrimEnd().Split('\n')[^1]).RootElement;

        /// <summary>Its error as JSON.</summary>
        public JsonElement Refusal => Json.GetProperty("error");
    }

    /// <summary>Runs a command.</summary>
    public Task<Run> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>Runs a command that is cancelled as Ctrl-C would.</summary>
    public async Task<Run> RunAsync(CancellationToken interrupt, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await HilCommand.InvokeAsync([.. arguments, "--server", daemon.SocketPath], TerminalTo(output, error), interrupt);
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed.</summary>
    public async Task<Run> DoAsync(params string[] arguments)
    {
        Run run = await RunAsync(arguments);
        Assert.True(run.Code == 0, $"hil {string.Join(' ', arguments)} ended with {run.Code}: {run.Error}{run.Output}");
        return run;
    }

    /// <summary>Runs a command that must be refused, as a person and as a script would.</summary>
    /// <returns>The error object.</returns>
    public async Task<JsonElement> RefusedAsync(int code, string reason, params string[] arguments)
    {
        Run run = await RunAsync([.. arguments, "--json"]);
        Assert.True(run.Code == code, $"hil {string.Join(' ', arguments)} ended with {run.Code}: {run.Error}{run.Output}");
        Assert.Equal((code, reason), (run.Refusal.GetProperty("exit_code").GetInt32(), run.Refusal.GetProperty("reason").GetString()));
        // On standard error a fault of the command line and where its help is are lines of their own.
        string message = run.Refusal.GetProperty("message").GetString()!.Split('\n')[0].Split("; see hil ")[0].TrimEnd();
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        return run.Refusal;
    }

    /// <summary>`hil report`, which needs no daemon.</summary>
    public Task<Run> ReportAsync(params string[] arguments) => AloneAsync(["report", .. arguments]);

    /// <summary>A command that needs no daemon.</summary>
    public Task<Run> AloneAsync(params string[] arguments) => AloneAsync(CancellationToken.None, arguments);

    /// <summary>The same, cancelled as Ctrl-C would.</summary>
    public async Task<Run> AloneAsync(CancellationToken interrupt, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await HilCommand.InvokeAsync(arguments, TerminalTo(output, error), interrupt);
        return new Run(code, output.ToString(), error.ToString());
    }

    /// <summary>A terminal whose files are those of the program and of the test.</summary>
    public Terminal TerminalTo(TextWriter output, TextWriter error) =>
        new(output, error, IsInteractive: false, daemon.Benches, AppContext.BaseDirectory, TimeProvider.System);
}
