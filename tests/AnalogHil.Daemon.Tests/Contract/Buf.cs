using System.ComponentModel;
using System.Diagnostics;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>The linter of protos, npm @bufbuild/buf in the version of buf/package.json, installed by the first test that asks for it.</summary>
internal static class Buf
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    // It lies in the build's output, which git ignores, and stays there for later runs.
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "buf");
    private static readonly string Program = Path.Combine(Folder, "node_modules", ".bin", "buf");
    private static readonly Lazy<string?> Reason = new(Install);

    /// <summary>Why it cannot be had, without starting anything, as tests are listed often; null: it is there, or npm is, which may install it.</summary>
    public static string? Absent =>
        File.Exists(Program)
        || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "npm")))
            ? null
            : "neither buf nor npm is installed; install node and npm";

    /// <summary>Why it could not be installed, which is tried once; null: it is there.</summary>
    public static string? Missing => Reason.Value;

    /// <summary>Runs it.</summary>
    public static async Task<(int Code, string Said)> RunAsync(string folder, params string[] arguments)
    {
        using Process process = Start(Program, folder, arguments);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string said = await process.StandardOutput.ReadToEndAsync(limit.Token) + await error;
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, said);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static string? Install()
    {
        if (File.Exists(Program))
        {
            return null;
        }

        Directory.CreateDirectory(Folder);
        string package = Path.Combine(CommittedContract.Root(), "tests", "AnalogHil.Daemon.Tests", "Contract", "buf", "package.json");
        File.Copy(package, Path.Combine(Folder, "package.json"), overwrite: true);
        try
        {
            using Process npm = Start("npm", Folder, "install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=0");
            Task<string> error = npm.StandardError.ReadToEndAsync();
            Task<string> said = npm.StandardOutput.ReadToEndAsync();
            if (!npm.WaitForExit(Limit))
            {
                npm.Kill(entireProcessTree: true);
                return $"npm did not install @bufbuild/buf within {Limit.TotalSeconds} s; is the network there?";
            }

            return npm.ExitCode == 0 && File.Exists(Program)
                ? null
                : $"npm could not install @bufbuild/buf (exit code {npm.ExitCode}): {said.Result}{error.Result}".TrimEnd();
        }
        catch (Win32Exception absent)
        {
            return $"npm cannot start ({absent.Message}); install node and npm";
        }
    }

    private static Process Start(string program, string folder, params string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = folder,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
