namespace AnalogHil.Engine.Data.Pictures;

/// <summary>Reads PNG and JPEG files, told apart by their first bytes and not by their names.</summary>
internal sealed class PictureDecoder : IDisposable
{
    private const long MaxFileBytes = 256 << 20;
    private JpegDecoder? _jpeg;

    /// <summary>Reads a picture.</summary>
    /// <exception cref="DataSetException">The file is missing, damaged, too large, or neither PNG nor JPEG; or JPEG and the library for it is
    /// missing.</exception>
    public Picture Read(string path)
    {
        byte[] file;
        try
        {
            long length = new FileInfo(path).Length;
            file = length <= MaxFileBytes
                ? File.ReadAllBytes(path)
                : throw new DataSetException($"'{path}' has {length} bytes, a picture may have {MaxFileBytes} at most");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DataSetException($"'{path}' cannot be read: {error.Message} Check that every picture of labels.csv is there and readable", error);
        }

        if (PngDecoder.Recognises(file))
        {
            return PngDecoder.Decode(file, path);
        }

        return file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF])
            ? (_jpeg ??= new JpegDecoder()).Decode(file, path)
            : throw new DataSetException(
                $"'{path}' starts with {Convert.ToHexString(file.AsSpan(0, Math.Min(8, file.Length)))}; only PNG and JPEG pictures are read, convert it");
    }

    public void Dispose() => _jpeg?.Dispose();
}
