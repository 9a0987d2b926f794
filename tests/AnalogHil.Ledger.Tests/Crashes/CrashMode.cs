namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>When a process dies, seen from a write.</summary>
internal enum CrashMode
{
    None,

    /// <summary>Nothing of it is on the disk, or on the device.</summary>
    Before,

    /// <summary>A part of it is.</summary>
    Torn,

    /// <summary>All of it is; nobody has been told.</summary>
    After,
}
