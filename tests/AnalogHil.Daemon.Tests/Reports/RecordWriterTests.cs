using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;

namespace AnalogHil.Daemon.Tests.Reports;

public sealed class RecordWriterTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    [Fact]
    public void Write_NewDirectory_LeavesBothFilesAndNothingElse()
    {
        string directory = _scratch.File("run/1");
        string json = new RecordWriter(directory).Write(SampleRecord.Complete());

        Assert.Equal(["report.html", "report.json"], Directory.GetFileSystemEntries(directory).Select(Path.GetFileName).Order());
        Assert.Equal(json, File.ReadAllText(Path.Combine(directory, "report.json")));
        Assert.Equal(Verdict.Accept, RecordWriter.Read(directory).Verdict);
    }

    [Fact]
    public void Write_Again_Replaces()
    {
        var writer = new RecordWriter(_scratch.Path);
        writer.Write(SampleRecord.Complete());
        writer.Write(SampleRecord.Partial());

        Assert.Equal(RecordStatus.Partial, RecordWriter.Read(_scratch.Path).Status);
    }

    [Fact]
    public void Write_TargetCannotBeReplaced_LeavesNoTemporaryFile()
    {
        var writer = new RecordWriter(_scratch.Path);
        Directory.CreateDirectory(_scratch.File("report.json"));

        Assert.ThrowsAny<Exception>(() => writer.Write(SampleRecord.Partial()));
        Assert.Empty(Directory.GetFiles(_scratch.Path));
    }

    [Fact]
    public void AtomicWrite_ReaderThatHasTheOldFileOpen_KeepsReadingTheOldOne()
    {
        string path = _scratch.File("figure.txt");
        AtomicFile.Write(path, "old"u8);
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        AtomicFile.Write(path, "new and longer"u8);

        Assert.Equal("old", reader.ReadToEnd());
        Assert.Equal("new and longer", File.ReadAllText(path));
    }

    [Fact]
    public void Write_VerdictInAPartialRecord_IsRefused()
    {
        var writer = new RecordWriter(_scratch.Path);

        Assert.Throws<ArgumentException>(() => writer.Write(SampleRecord.Partial() with { Verdict = Verdict.Accept }));
        Assert.Throws<ArgumentException>(() => writer.Write(SampleRecord.Complete() with { Verdict = null }));
        Assert.Empty(Directory.GetFiles(_scratch.Path));
    }

    [Fact]
    public void Read_DirectoryWithoutRecord_SaysWhatIsExpected()
    {
        Assert.Contains("report.json", Assert.Throws<FileNotFoundException>(() => RecordWriter.Read(_scratch.Path)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();
}
