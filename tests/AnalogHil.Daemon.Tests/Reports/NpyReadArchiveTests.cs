using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.Daemon.Records.Reads;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Daemon.Tests.Reports;

public sealed class NpyReadArchiveTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();

    [Fact]
    public void Append_SeveralTimes_IsOneTableThatAnyReaderOfTheFormatUnderstands()
    {
        using var archive = new NpyReadArchive(_scratch.Path);
        archive.Append("sigma-full", [1, 2, 3, 4, 5, 6], 2, 3);
        archive.Append("averaging-k16", [7], 1, 1);
        archive.Append("sigma-full", [-0.5f, float.MaxValue, 9], 1, 3);
        System.Collections.Immutable.ImmutableArray<RawFileRecord> files = archive.Close();

        (string header, float[] values) = Parse(_scratch.File("reads/sigma-full.npy"));
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }", header.TrimEnd());
        Assert.Equal([1, 2, 3, 4, 5, 6, -0.5f, float.MaxValue, 9], values);
        Assert.Equal(["reads/averaging-k16.npy", "reads/sigma-full.npy"], files.Select(file => file.File));
        Assert.Equal((3, 3), (files[1].Rows, files[1].Columns));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_scratch.File("reads/sigma-full.npy")))), files[1].Sha256);
    }

    [Fact]
    public void Append_BeforeClosing_CanAlreadyBeLoaded()
    {
        using var archive = new NpyReadArchive(_scratch.Path);
        archive.Append("sigma-dark", [1, 2], 1, 2);

        Assert.Equal([1, 2], Parse(_scratch.File("reads/sigma-dark.npy")).Values);
    }

    [Fact]
    public void Append_ReadsOfAnEarlierRunAreThere_KeepsThemAndTakesTheNextNumber()
    {
        using (var earlier = new NpyReadArchive(_scratch.Path))
        {
            earlier.Append("sigma-dark", [1, 2], 1, 2);
        }

        using var archive = new NpyReadArchive(_scratch.Path);
        archive.Append("sigma-dark", [3, 4, 5], 1, 3);

        Assert.Equal("reads/sigma-dark.2.npy", Assert.Single(archive.Close()).File);
        Assert.Equal([1, 2], Parse(_scratch.File("reads/sigma-dark.npy")).Values);
        Assert.Equal([3, 4, 5], Parse(_scratch.File("reads/sigma-dark.2.npy")).Values);
    }

    [Fact]
    public void Append_WithConditions_EveryRunOfTheRecordCanBeFittedAgain()
    {
        var provenance = new ArchiveProvenance(
            new DeviceIdentity("uid", DeviceArchitecture.Crossbar, "fw", "schema", "boot"), new DeviceFullScale(2, 2, 16, 0.1), 16, 2, 1, "calibration", DateTimeOffset.UnixEpoch);
        var dark = new SeriesDescription("sigma-dark", "dark", new ProbeConditions(16, 0, 0, 0, 0), 1, RedundancyMode.ReadAndAverage, 2);
        for (int run = 1; run <= 2; run++)
        {
            using var archive = new NpyReadArchive(_scratch.Path);
            archive.Begin(provenance);
            ReadoutCorrection correction = ReadoutCorrection.None(1, 2);
            correction.Gain[0][1] = 1 + run;
            archive.Keep(correction);
            archive.Append(dark, 0, [run, 2, 3, 4], 2, 0);
            archive.Append(dark, 0, [5, 6], 1, 1);
            archive.Close();
            ArchivedReads found = FolderReadArchive.Load(_scratch.File("reads"), run);

            Assert.Equal(provenance, found.Provenance);
            Assert.Equal(1 + run, found.Correction.Gain[0][1]);
            Assert.Equal([run, 2, 3, 4, 5, 6], found["sigma-dark"].Reads);
            Assert.Equal([new ReadSegment(0, 0, 0, 2, 0), new ReadSegment(1, 0, 2, 1, 1)], found["sigma-dark"].Segments.ToArray());
            Assert.Empty(found.Warnings);
        }
    }

    [Fact]
    public void Keep_CorrectionIsThereAlready_IsReplacedAsAWhole()
    {
        using var archive = new NpyReadArchive(_scratch.Path);
        archive.Begin(new ArchiveProvenance(
            new DeviceIdentity("uid", DeviceArchitecture.Crossbar, "fw", "schema", "boot"), new DeviceFullScale(2, 2, 16, 0.1), 16, 2, 1, "calibration", DateTimeOffset.UnixEpoch));
        archive.Keep(ReadoutCorrection.None(1, 2));
        archive.Append(new SeriesDescription("sigma-dark", "dark", new ProbeConditions(16, 0, 0, 0, 0), 1, RedundancyMode.ReadAndAverage, 2), 0, [1, 2], 1, 0);
        string file = _scratch.File($"reads/{FolderReadArchive.CorrectionFile}");
        string before = File.ReadAllText(file);
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        ReadoutCorrection correction = ReadoutCorrection.None(1, 2);
        correction.Gain[0][1] = 1.5f;
        archive.Keep(correction);

        // Who has the old file open reads it to its end: it was not written over.
        Assert.Equal(before, reader.ReadToEnd());
        Assert.NotEqual(before, File.ReadAllText(file));
        Assert.Equal(4, Directory.GetFiles(_scratch.File("reads")).Length);
    }

    [Fact]
    public void Append_ConditionsWithoutADevice_IsRefused()
    {
        using var archive = new NpyReadArchive(_scratch.Path);

        Assert.Throws<InvalidOperationException>(() => archive.Append(new SeriesDescription("a", "dark", new ProbeConditions(1, 0, 0, 0, 0), 1, RedundancyMode.ReadAndAverage, 1), 0, [1], 1, 0));
    }

    [Fact]
    public void Close_NothingWasRead_LeavesNoFolder()
    {
        using var archive = new NpyReadArchive(_scratch.Path);

        Assert.Empty(archive.Close());
        Assert.False(Directory.Exists(_scratch.File("reads")));
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("")]
    [InlineData("Upper")]
    public void Append_NameThatIsNoPlainFileName_IsRefused(string name)
    {
        using var archive = new NpyReadArchive(_scratch.Path);

        Assert.Throws<ArgumentException>(() => archive.Append(name, [1], 1, 1));
    }

    [Fact]
    public void Append_OtherNumberOfColumnsOrLength_IsRefused()
    {
        using var archive = new NpyReadArchive(_scratch.Path);
        archive.Append("a", [1, 2], 1, 2);

        Assert.Throws<ArgumentException>(() => archive.Append("a", [1, 2, 3], 1, 3));
        Assert.Throws<ArgumentException>(() => archive.Append("a", [1, 2, 3], 1, 2));
    }

    public void Dispose() => _scratch.Dispose();

    private static (string Header, float[] Values) Parse(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        Assert.Equal(0x93, bytes[0]);
        Assert.Equal("NUMPY", Encoding.ASCII.GetString(bytes, 1, 5));
        Assert.Equal((1, 0), (bytes[6], bytes[7]));
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        Assert.Equal(0, (10 + length) % 64);
        string header = Encoding.ASCII.GetString(bytes, 10, length);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        float[] values = new float[(bytes.Length - 10 - length) / 4];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(10 + length + 4 * i));
        }

        return (header, values);
    }
}
