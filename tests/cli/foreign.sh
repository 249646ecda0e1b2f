# Databases that lede did not make are not written to, whatever they hold.
command -v scriptindex >/dev/null || {
    echo "skipped: no scriptindex (Debian package xapian-omega)"
    exit 77
}
status() {
    "$@"
    echo "status $?"
}
printf 'id : boolean=Q unique=Q\ntext : index\n' >script
printf 'id=1\ntext=A ferry.\n' >records
scriptindex plain script records >/dev/null
# One whose documents are all deleted by now is somebody's, too.
cp -r plain emptied
printf 'id=1\n' | scriptindex emptied script >/dev/null
for of in plain emptied; do
    xapian-delve $of | grep 'number of documents'
    status lede index -q -A xapian:$of "$SAMPLE"
    status lede search -A xapian:$of ferry
done
lede index -q "$SAMPLE" 2>/dev/null
for of in plain emptied; do
    status lede export -q --to xapian:$of
    status lede export -q --replace --to xapian:$of
    xapian-delve $of | grep 'number of documents'
done
# What never had a document is new: an export may have been killed there.
printf '' | scriptindex new script >/dev/null
status lede export -q --to xapian:new
lede search -A xapian:new -c ferry
# A copy of xapian-replicate's is no line of a list.
mkdir -p copy/replica_0
echo 'auto replica_0' >copy/XAPIANDB
echo 'auto copy' >list
status lede search -A xapian:list ferry
