namespace Kuid.Jobd.Core.Jobs;

/// <summary>What a job that comes after others needs of them. The numbers go to disk: append only.</summary>
public enum AfterMode
{
    /// <summary>That each succeeded; one that did not makes this job fail.</summary>
    Success = 1,

    /// <summary>That each is over.</summary>
    End = 2,
}

/// <summary>What a job does about another of its key that waits or runs. The numbers go to disk: append only.</summary>
public enum KeyPolicy
{
    /// <summary>It waits until none of them runs.</summary>
    Queue = 1,

    /// <summary>It is not taken.</summary>
    Skip = 2,

    /// <summary>It has them cancelled, and waits until they are over.</summary>
    Replace = 3,
}

/// <summary>What becomes of a job when the client that waits for it goes away. The numbers go to disk: append only.</summary>
public enum DisconnectPolicy
{
    /// <summary>It goes on.</summary>
    Continue = 1,

    /// <summary>It is cancelled.</summary>
    Cancel = 2,
}
