using System.Diagnostics;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Functional.Tests;

/// <summary>`hil` as a process of its own.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    [Fact]
    public async Task HilRun_ToldToStop_Is75AndItsRecordCanBeResumed()
    {
        string record = Path.Combine(_directory.FullName, "record");
        using Process run = Start("run", "--model", "fashion-lenet", "--max-drop", "6", "--max-images", "1000", "--out", record);
        Task<string> error = run.StandardError.ReadToEndAsync();
        string? line;
        do
        {
            line = await run.StandardOutput.ReadLineAsync();
        }
        while (line?.StartsWith("learn", StringComparison.Ordinal) == false);

        // SIGTERM rather than SIGINT: what starts the tests may have them ignore Ctrl-C, which children inherit.
        using (Process kill = Process.Start("kill", ["-TERM", run.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal(75, run.ExitCode);
        Assert.Contains($"hil run --resume {record}", await error, StringComparison.Ordinal);
        Assert.Equal(RecordStatus.Partial, RecordWriter.Read(record).Status);
        using Process report = Start("report", record);
        string tables = await report.StandardOutput.ReadToEndAsync();
        await report.WaitForExitAsync();
        Assert.Equal(75, report.ExitCode);
        Assert.Contains("the record is partial and ends in step learn", tables, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private Process Start(params string[] args) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "hil.dll"), .. args])
    {
        WorkingDirectory = _directory.FullName,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
