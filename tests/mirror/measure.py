import json,re,glob,sys,ast,os
norm=lambda p: re.sub(r'\{[^}]*\}','{}',p.split('?')[0].rstrip('/'))
def calls(j): return json.load(open(j))['calls']
def report(name,truth,found):
    # truth: set of (file, start, end, method, path); found: sure calls
    hit=0; miss=[]
    for t in sorted(truth):
        ok=any(c['file'].endswith(t[0]) and t[1]<=c['line']<=t[2] and c['method']==t[3] and c.get('operation') and norm(c['operation']['path'])==t[4] for c in found)
        hit+=ok
        if not ok: miss.append(t)
    good=0; bad=[]
    for c in found:
        ok=any(c['file'].endswith(t[0]) and t[1]<=c['line']<=t[2] and c['method']==t[3] and c.get('operation') and norm(c['operation']['path'])==t[4] for t in truth)
        good+=ok
        if not ok: bad.append(c)
    print(f"{name}: truth {len(truth)} recall {hit}/{len(truth)} = {100*hit/max(1,len(truth)):.1f}%  precision {good}/{len(found)} = {100*good/max(1,len(found)):.1f}%")
    for m in miss[:int(os.environ.get('V',8))]: print('  miss',m)
    for c in bad[:int(os.environ.get('V',8))]: print('  bad',c['file'][-40:],c['line'],c['method'],c['url'],c.get('operation'),c['status'])
def runapy(j,root):
    truth=set()
    for f in glob.glob(root+'/runai/api/*.py'):
        t=open(f).read()
        for fn in ast.walk(ast.parse(t)):
            if not isinstance(fn,ast.FunctionDef): continue
            src=ast.get_source_segment(t,fn)
            m=re.search(r'resource_path = \(?\s*f?"([^"]+)"(\s*\.replace\(\s*"_",\s*"-"\s*\))?',src); v=re.search(r'method = "(\w+)"',src)
            if m and v:
                p=re.sub(r'\{[^}]*\}','{}',m[1]); p=p.replace('_','-') if m[2] else p
                truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,v[1],norm(p)))
    report(j,truth,[c for c in calls(j) if c['confidence']!='low' and '/runai/api/' in c['file']])
def operations(document):
    paths=json.load(open(document))['paths']
    return {(m.upper(),norm(p)) for p,item in paths.items() for m in item}
def pygithub(j,root,document):
    truth=set()
    for f in glob.glob(root+'/github/*.py'):
        t=open(f).read()
        for fn in ast.walk(ast.parse(t)):
            if isinstance(fn,(ast.FunctionDef,)):
                doc=ast.get_docstring(fn) or ''
                src=ast.get_source_segment(t,fn)
                body=src.replace(doc,'')
                for m,p in re.findall(r'`+(GET|POST|PUT|PATCH|DELETE) (/[^ `]+)',doc):
                    # the path stands here: its first word is in a string of the body
                    first=p.strip('/').split('/')[0]
                    if re.search(r'["\']/?'+re.escape(first)+r'\b',body): truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,m,norm(p)))
    # What the document does not have cannot be matched with it.
    known=operations(document); gone={t for t in truth if t[3:] not in known}
    print(f"not in the document: {len(gone)} of {len(truth)}")
    report(j,truth-gone,[c for c in calls(j) if c['confidence']!='low' and c.get('operation')])
def octokit(j,root):
    truth=set()
    for f in glob.glob(root+'/**/*.js',recursive=True):
        for n,line in enumerate(open(f),1):
            for m,p in re.findall(r'"(GET|POST|PUT|PATCH|DELETE) (/[^" ]*)"',line): truth.add((f[len(root)+1:],n,n,m,norm(p)))
    report(j,truth,[c for c in calls(j) if c['confidence']!='low'])
k,*rest=sys.argv[1:]; globals()[k](*rest)
