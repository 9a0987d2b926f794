using AnalogHil.Engine.Data;
using AnalogHil.Engine.Data.Pictures;

namespace AnalogHil.Engine.Tests.Models;

/// <summary>A theory that needs the shared data and the library for JPEG, skipped with the reason where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class JpegTheoryAttribute : TheoryAttribute
{
    public JpegTheoryAttribute() => Skip = SharedData.Missing ?? Missing();

    public static string? Missing()
    {
        try
        {
            using var decoder = new JpegDecoder();
            return null;
        }
        catch (DataSetException error)
        {
            return error.Message;
        }
    }
}
