using System.Diagnostics;

namespace AnalogHil.Rpc.Tests.Foreign;

/// <summary>Debian's Python with python3-grpcio, which test.sh installs.</summary>
internal static class GrpcioProcess
{
    private const string Python = "/usr/bin/python3";

    public const string NotRun = $"not run: {Python} has no grpc module; install python3-grpcio";

    public static async Task<bool> IsInstalledAsync() => File.Exists(Python) && (await RunAsync("-c", "import grpc")).ExitCode == 0;

    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Foreign", name);

    public static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static async Task<(int ExitCode, string Text)> RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        try
        {
            Task<string> stdout = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> stderr = process.StandardError.ReadToEndAsync(limit.Token);
            string text = await stdout + await stderr;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, text);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return (124, "grpcio did not end within 120 s");
        }
    }
}
