namespace AnalogHil.Engine.Data.Sets;

/// <summary>What is wanted of a directory of images.</summary>
/// <param name="Directory">Where the files are.</param>
/// <param name="Name">Name of the set, for records.</param>
/// <param name="Preprocessing">From pixels to the model's input.</param>
/// <param name="Split">Which split; null where the directory holds one split only, so that its name was chosen before.</param>
/// <param name="Classes">Labels plus offset must lie below it.</param>
/// <param name="Limit">Images at most.</param>
internal sealed record ImageSetRequest(string Directory, string Name, Preprocessing Preprocessing, ImageSplit? Split, int Classes, int Limit)
{
    /// <summary>Name of a split within the set.</summary>
    public string NameOf(string part) => Split is null ? $"{Name}/{Path.GetFileName(Directory)}" : $"{Name}/{part}";
}
