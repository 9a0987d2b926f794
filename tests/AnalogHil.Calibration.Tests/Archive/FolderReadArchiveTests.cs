using AnalogHil.Calibration.Archive;
using AnalogHil.Calibration.Mix;
using AnalogHil.Core.Noise;
using AnalogHil.Core.Plans;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Mapping;

namespace AnalogHil.Calibration.Tests.Archive;

public sealed class FolderReadArchiveTests : IDisposable
{
    private static readonly ArchiveProvenance Origin = new(
        new DeviceIdentity("fake", DeviceArchitecture.Crossbar, "1", "0", "boot"), new DeviceFullScale(2, 2, 16, 0.125), 16, 4, 2, "mix", DateTimeOffset.UnixEpoch);

    private static readonly SeriesDescription Dark = new("dark", "dark", new ProbeConditions(16, 0, 0, 0, 0), 1, RedundancyMode.ReadAndAverage, 4);

    private readonly string _folder = Directory.CreateTempSubdirectory("reads").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Load_AfterAppends_GivesReadsConditionsAndCorrectionBack()
    {
        FolderReadArchive archive = FolderReadArchive.Open(_folder, Origin);
        archive.Append(Dark, 0, [1, 2, 3, 4, 5, 6, 7, 8], 2, 0);
        archive.Append(Dark, 1, [9, 10, 11, float.NaN], 1, 1);
        ReadoutCorrection correction = ReadoutCorrection.None(2, 4);
        correction.Gain[1][2] = 1.25f;
        archive.Keep(correction);
        ArchivedReads found = FolderReadArchive.Load(_folder);
        Assert.Equal(Origin, found.Provenance);
        Assert.Equal(Dark, found["dark"].Description);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, float.NaN], found["dark"].Reads);
        Assert.Equal([new ReadSegment(0, 0, 0, 2, 0), new ReadSegment(1, 1, 2, 1, 1)], found["dark"].Segments.ToArray());
        Assert.Equal(1.25f, found.Correction.Gain[1][2]);
        Assert.Empty(found.Warnings);
        Assert.Throws<KeyNotFoundException>(() => found["full"]);
    }

    [Fact]
    public void Open_AfterACrashInTheMiddleOfACall_GoesOnWithTheLastWholeOne()
    {
        FolderReadArchive archive = FolderReadArchive.Open(_folder, Origin);
        archive.Append(Dark, 0, [1, 2, 3, 4], 1, 0);
        archive.Append(Dark, 1, [5, 6, 7, 8], 1, 0);
        string calls = Path.Combine(_folder, "calls.jsonl");
        string text = File.ReadAllText(calls);
        File.WriteAllText(calls, text[..^20]);
        ArchivedReads cut = FolderReadArchive.Load(_folder);
        Assert.Single(cut.Warnings);
        Assert.Equal([1, 2, 3, 4], cut["dark"].Reads);

        FolderReadArchive again = FolderReadArchive.Open(_folder, Origin);
        Assert.Equal(1, again.VectorsOf("dark", 0));
        Assert.Equal(0, again.VectorsOf("dark", 1));
        again.Append(Dark, 1, [15, 16, 17, 18], 1, 0);
        ArchivedReads found = FolderReadArchive.Load(_folder);
        Assert.Empty(found.Warnings);
        Assert.Equal([1, 2, 3, 4, 15, 16, 17, 18], found["dark"].Reads);
    }

    [Fact]
    public void Load_TableCutOff_NamesTheCallsThatAreMissing()
    {
        FolderReadArchive archive = FolderReadArchive.Open(_folder, Origin);
        archive.Append(Dark, 0, [1, 2, 3, 4], 1, 0);
        archive.Append(Dark, 0, [5, 6, 7, 8], 1, 0);
        using (FileStream table = File.OpenWrite(Path.Combine(_folder, "dark.npy")))
        {
            table.SetLength(128 + 20);
        }

        ArchivedReads found = FolderReadArchive.Load(_folder);
        Assert.Contains("1 of 2 calls", Assert.Single(found.Warnings), StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4], found["dark"].Reads);
    }

    [Fact]
    public void Open_AnotherBoot_IsRefused()
    {
        FolderReadArchive.Open(_folder, Origin);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => FolderReadArchive.Open(_folder, Origin with { Device = Origin.Device with { BootId = "later" } }));
        Assert.Contains("new folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_OtherConditionsUnderTheSameName_IsRefused()
    {
        FolderReadArchive archive = FolderReadArchive.Open(_folder, Origin);
        archive.Append(Dark, 0, [1, 2, 3, 4], 1, 0);
        Assert.Throws<ArgumentException>(() => archive.Append(Dark with { Repeats = 4 }, 0, [1, 2, 3, 4], 1, 0));
        Assert.Throws<ArgumentException>(() => archive.Append(Dark with { Name = "../up" }, 0, [1, 2, 3, 4], 1, 0));
        Assert.Throws<ArgumentException>(() => archive.Append(Dark, 0, [1, 2, 3], 1, 0));
    }

    [Fact]
    public void Load_NoArchive_SaysSo() => Assert.Throws<InvalidDataException>(() => FolderReadArchive.Load(_folder));
}
