namespace AnalogHil.Devices.Serial.Link;

/// <summary>What one end of a link has seen since it was opened.</summary>
internal sealed class LinkCounts
{
    private int _recentFrames;
    private int _recentRetransmits;

    /// <summary>Good frames.</summary>
    public long FramesIn { get; set; }

    /// <summary>Frames sent.</summary>
    public long FramesOut { get; private set; }

    /// <summary>Candidates with broken stuffing.</summary>
    public long Stuffing { get; set; }

    /// <summary>Candidates of a wrong length.</summary>
    public long Length { get; set; }

    /// <summary>Candidates with a wrong checksum.</summary>
    public long Checksum { get; set; }

    /// <summary>Good frames of another link or of no sense.</summary>
    public long Stale { get; set; }

    /// <summary>Messages that had arrived before.</summary>
    public long Duplicates { get; set; }

    /// <summary>Messages that came before an earlier one.</summary>
    public long Reordered { get; set; }

    /// <summary>Frames sent again.</summary>
    public long Retransmits { get; private set; }

    /// <summary>Links taken up.</summary>
    public long Links { get; set; }

    /// <summary>Share of repeated frames among the last 256 or more, in [0, 1].</summary>
    public double RecentRetransmitShare => _recentFrames == 0 ? 0 : (double)_recentRetransmits / _recentFrames;

    /// <summary>Counts a frame that goes out.</summary>
    public void Sent()
    {
        FramesOut++;
        if (++_recentFrames >= 512)
        {
            _recentFrames /= 2;
            _recentRetransmits /= 2;
        }
    }

    /// <summary>Counts a message that is sent again.</summary>
    public void SentAgain()
    {
        Retransmits++;
        _recentRetransmits++;
    }
}
