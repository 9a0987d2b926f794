namespace AnalogHil.Daemon.Records;

/// <summary>Files of a record's directory that tell what a campaign was asked for and what came of it.</summary>
internal static class RecordFiles
{
    /// <summary>The request of the campaign, kept so that it can be resumed with nothing but its directory.</summary>
    public const string Request = "request.json";

    /// <summary>Takes out again what a campaign wrote that never began: its request, and its record. Nothing happens where the directory is gone.</summary>
    /// <exception cref="IOException">A file cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Deleting is not permitted.</exception>
    public static void Discard(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (string file in new[] { Request, RecordWriter.JsonName, RecordWriter.HtmlName })
        {
            File.Delete(Path.Combine(directory, file));
        }
    }
}
