using System.Runtime.InteropServices;

namespace AnalogHil.Engine.Data.Pictures;

/// <summary>JPEG through Debian's libturbojpeg: accuracy on published image sets depends on decoding them as everybody does.</summary>
internal sealed unsafe class JpegDecoder : IDisposable
{
    private readonly Lock _lock = new();
    private nint _handle;

    /// <exception cref="DataSetException">The library is not installed.</exception>
    public JpegDecoder()
    {
        try
        {
            _handle = TurboJpeg.Open();
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new DataSetException(
                "JPEG pictures are decoded by libturbojpeg, which is not installed; install it (Debian: apt install libturbojpeg0) or convert the pictures "
                    + "to PNG", error);
        }

        if (_handle == 0)
        {
            throw new DataSetException("libturbojpeg cannot start a decoder; check the memory available");
        }
    }

    /// <summary>Decodes a file to grey or red, green, blue.</summary>
    /// <exception cref="DataSetException">The file is damaged, too large or of a colour space that cannot be converted.</exception>
    public Picture Decode(ReadOnlySpan<byte> file, string path)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            fixed (byte* bytes = file)
            {
                if (TurboJpeg.ReadHeader(_handle, bytes, (nuint)file.Length, out int width, out int height, out _, out int space) != 0)
                {
                    throw Fail(path);
                }

                if (width < 1 || height < 1 || (long)width * height > Picture.MaxPixels)
                {
                    throw new DataSetException($"'{path}' claims {height} x {width} pixels, outside 1 .. {Picture.MaxPixels} together; it is damaged");
                }

                int channels = space == TurboJpeg.SpaceGray ? 1 : 3;
                byte[] pixels = new byte[width * height * channels];
                fixed (byte* target = pixels)
                {
                    int format = channels == 1 ? TurboJpeg.FormatGray : TurboJpeg.FormatRgb;
                    if (TurboJpeg.Decode(_handle, bytes, (nuint)file.Length, target, width, width * channels, height, format, TurboJpeg.FlagAccurateTransform) != 0)
                    {
                        throw Fail(path);
                    }
                }

                return new Picture(channels, height, width, pixels);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_handle != 0)
            {
                _ = TurboJpeg.Close(_handle);
                _handle = 0;
            }
        }
    }

    // Warnings count as errors too: a picture whose end was made up is not the picture of the data set.
    private DataSetException Fail(string path) => new(
        $"'{path}' is no readable JPEG picture: {Marshal.PtrToStringUTF8((nint)TurboJpeg.Error(_handle))}; fetch it again or convert it to RGB");
}
