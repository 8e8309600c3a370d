using Kuid.TestChild;
using Kuid.TestChild.Verbs;

// kuid-test-child VERB [ARGUMENT...]: what the verbs do stands in their files. A verb that runs on says "ready" first.
return args switch
{
    ["echo"] => Echo.Run(),
    ["exit", var code] => Exit.Run(code),
    ["sleep-until-signal"] => SleepUntilSignal.Run(),
    ["ignore-term"] => IgnoreTerm.Run(),
    ["flood", var stream, var bytes] => Flood.Run(stream, bytes),
    ["grandchild"] => Grandchild.Run(),
    ["stop-itself"] => StopItself.Run(),
    ["pieces"] => Pieces.Run(),
    ["limits"] => Limits.Run(),
    _ => Usage(),
};

static int Usage()
{
    Standard.Error.Say("kuid-test-child: no such verb");
    return 64;
}
