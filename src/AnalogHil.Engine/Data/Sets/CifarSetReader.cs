using System.IO.Compression;

namespace AnalogHil.Engine.Data.Sets;

/// <summary>CIFAR-10 binary records: one label byte, then 32 x 32 red, green and blue bytes, plane by plane.</summary>
internal sealed class CifarSetReader : ImageSetReader
{
    private const int Side = 32;
    private const int Pixels = 3 * Side * Side;

    // Five training batches of 10,000 records have 154 MB; whatever is larger is not this format.
    private const int MaxRecords = 100_000;

    public override string Files(ImageSplit split) => split == ImageSplit.Test ? "test_batch.bin(.gz) of CIFAR-10" : "data_batch_*.bin(.gz) or calib_batch.bin(.gz) of CIFAR-10";

    public override bool Recognises(ImageSetRequest request) => Batches(request).Length > 0;

    public override StoredSet Open(ImageSetRequest request)
    {
        string[] files = Batches(request);
        List<(string File, byte[] Records)> batches = [.. files.Select(file => (file, ReadAll(file)))];
        int count = batches.Sum(batch => batch.Records.Length / (Pixels + 1));
        return new StoredSet(
            request.NameOf(request.Split == ImageSplit.Calibration ? "calib" : "test"),
            count,
            files,
            batches.SelectMany(batch => Enumerable.Range(0, batch.Records.Length / (Pixels + 1)).Select(i =>
            {
                int start = i * (Pixels + 1);
                return new RawImage($"'{batch.File}', record {i}", batch.Records[start], 3, Side, Side, batch.Records.AsMemory(start + 1, Pixels), Planar: true);
            })));
    }

    private static string[] Batches(ImageSetRequest request)
    {
        var names = new List<string>();
        foreach (string pattern in request.Split == ImageSplit.Test ? ["test_batch.bin"] : request.Split is null ? ["*_batch*.bin"] : new[] { "data_batch_*.bin", "calib_batch.bin" })
        {
            names.AddRange(Directory.EnumerateFiles(request.Directory, pattern).Concat(Directory.EnumerateFiles(request.Directory, pattern + ".gz")));
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            using Stream content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var records = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                records.Write(buffer, 0, read);
                if (records.Length > (long)MaxRecords * (Pixels + 1))
                {
                    throw new DataSetException($"'{path}' holds more than {MaxRecords} records of {Pixels + 1} bytes; it is no file of CIFAR-10 records");
                }
            }

            return records.Length % (Pixels + 1) == 0
                ? records.ToArray()
                : throw new DataSetException(
                    $"'{path}' holds {records.Length} bytes, no multiple of the {Pixels + 1} of a CIFAR-10 record; it is cut short, fetch it again");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check that the file is whole and readable", error);
        }
    }
}
