namespace Kuid.Jobd.Core.Jobs;

/// <summary>How a job is executed. The numbers go to disk: append only.</summary>
public enum JobKind
{
    /// <summary>A command for <c>/bin/sh -c</c>.</summary>
    Shell = 1,

    /// <summary>A program and its arguments, without a shell.</summary>
    Argv = 2,

    /// <summary>A pipeline for the evaluator.</summary>
    Pipeline = 3,

    /// <summary>The end of another job, posted to a URL.</summary>
    Callback = 4,

    /// <summary>A call of a named service, which the user who advertises it runs; its first argument is the service's name.</summary>
    Service = 5,

    /// <summary>A text for the shell of a coprocess connection; it is the only argument.</summary>
    Eval = 6,
}

/// <summary>Where a job's standard input comes from. The numbers go to disk: append only.</summary>
public enum StdinMode
{
    /// <summary>There is none: the job reads the end of file at once.</summary>
    None = 0,

    /// <summary>It came with the submission.</summary>
    Inline = 1,

    /// <summary>It is sent while the job runs.</summary>
    Stream = 2,
}
