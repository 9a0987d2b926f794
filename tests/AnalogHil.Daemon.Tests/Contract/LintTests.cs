using System.Diagnostics;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Contract;

/// <summary>The rules STANDARD of buf (npm @bufbuild/buf) over protos/, as protos/buf.yaml says.</summary>
public sealed class LintTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Protos_UnderBufLint_AreClean()
    {
        (string? buf, string why) = await FindAsync();
        if (buf is null)
        {
            output.WriteLine($"not run: {why}");
            return;
        }

        (int version, string name) = await RunAsync(buf, Path.GetTempPath(), "--version");
        Assert.True(version == 0, name);
        (int code, string said) = await RunAsync(buf, Path.Combine(CommittedContract.Root(), "protos"), "lint");
        Assert.True(code == 0, said);
        output.WriteLine($"buf {name.Trim()} lint: clean");

        // The same rules on a file that breaks them: a lint that finds nothing anywhere shows nothing.
        DirectoryInfo wrong = Directory.CreateTempSubdirectory("analoghil-lint-");
        try
        {
            await File.WriteAllTextAsync(
                Path.Combine(wrong.FullName, "wrong.proto"), "syntax = \"proto3\"; package wrong; message lower { string Upper = 1; }");
            File.Copy(Path.Combine(CommittedContract.Root(), "protos", "buf.yaml"), Path.Combine(wrong.FullName, "buf.yaml"));
            (int refused, string found) = await RunAsync(buf, wrong.FullName, "lint");
            Assert.NotEqual(0, refused);
            Assert.Contains("lower_snake_case", found, StringComparison.Ordinal);
        }
        finally
        {
            wrong.Delete(recursive: true);
        }
    }

    // It lies in the build's output, which git ignores, and stays there for later runs.
    private static async Task<(string? Buf, string Why)> FindAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "buf");
        string buf = Path.Combine(folder, "node_modules", ".bin", "buf");
        if (File.Exists(buf))
        {
            return (buf, "");
        }

        Directory.CreateDirectory(folder);
        string package = Path.Combine(CommittedContract.Root(), "tests", "AnalogHil.Daemon.Tests", "Contract", "buf", "package.json");
        File.Copy(package, Path.Combine(folder, "package.json"), overwrite: true);
        try
        {
            (int code, string said) = await RunAsync("npm", folder, "install", "--no-package-lock", "--no-audit", "--no-fund", "--prefer-offline");
            return code == 0 && File.Exists(buf) ? (buf, "") : (null, $"npm could not install @bufbuild/buf (exit code {code}): {said}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, $"npm cannot start ({e.Message}); install node and npm");
        }
        catch (OperationCanceledException)
        {
            return (null, $"npm did not install @bufbuild/buf within {Limit.TotalSeconds} s; is the network there?");
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
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
}
