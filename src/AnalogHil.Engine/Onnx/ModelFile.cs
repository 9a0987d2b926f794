using AnalogHil.Engine.Graph;

namespace AnalogHil.Engine.Onnx;

/// <summary>The bytes of a model file.</summary>
internal static class ModelFile
{
    /// <exception cref="ModelImportException">The file cannot be read or is too large.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            return length <= GraphLimits.FileBytes
                ? File.ReadAllBytes(path)
                : throw new ModelImportException(
                    $"'{path}' has {length} bytes, at most {GraphLimits.FileBytes} are accepted; store the weights in float32 in one file");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelImportException($"the model '{path}' cannot be read: {error.Message} Check the path and its permissions", error);
        }
    }
}
