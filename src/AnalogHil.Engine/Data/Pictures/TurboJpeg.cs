using System.Runtime.InteropServices;

namespace AnalogHil.Engine.Data.Pictures;

/// <summary>The few functions of libturbojpeg (TurboJPEG API 2) that decode a picture.</summary>
internal static unsafe partial class TurboJpeg
{
    public const int FormatRgb = 0;
    public const int FormatGray = 6;

    /// <summary>Colour space of grey files.</summary>
    public const int SpaceGray = 2;

    /// <summary>The exact inverse transform, the same in every build.</summary>
    public const int FlagAccurateTransform = 4096;

    private const string Library = "libturbojpeg.so.0";

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial nint Open();

    [LibraryImport(Library, EntryPoint = "tjDecompressHeader3")]
    public static partial int ReadHeader(nint handle, byte* file, nuint size, out int width, out int height, out int subsampling, out int space);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static partial int Decode(nint handle, byte* file, nuint size, byte* pixels, int width, int pitch, int height, int format, int flags);

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    public static partial byte* Error(nint handle);

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Close(nint handle);
}
