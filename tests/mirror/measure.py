import json,re,glob,sys,ast,os
norm=lambda p: re.sub(r'\{[^}]*\}','{}',p.split('?')[0].rstrip('/'))
def calls(j): return json.load(open(j))['calls']
def report(name,truth,found,real=None,also={},said=()):
    # truth: set of (file, start, end, method, path); found: sure calls; real: what is right beside the truth;
    # also: the other places at which a truth may be told; said: what the client asks for though the document may not have it
    hit=0; miss=[]
    same=lambda c,t: c['method']==t[3] and c.get('operation') and norm(c['operation']['path'])==t[4] and any(c['file'].endswith(f) and a<=c['line']<=b for f,a,b in [t[:3],*also.get(t,())])
    for t in sorted(truth):
        ok=any(same(c,t) for c in found)
        hit+=ok
        if not ok: miss.append(t)
    good=0; bad=[]
    for c in found:
        ok=any(same(c,t) for t in real or truth)
        if not c.get('operation'):
            # that the document lacks it is right to say
            path=re.sub(r'\{[^}]*\}','{}',re.sub(r'^\w+://[^/]*','',c['url']).split('?')[0]).strip('/')
            ok=any(c['file'].endswith(f) and a<=c['line']<=b and c['method']==m and p.strip('/')==path for f,a,b,m,p in said)
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
def pygithub_code(root):
    """Requests as the code says them, beside what docstrings say: (file, first line, last line, method, path).

    A class's own address is what it makes for itself in `_useAttributes`; the base class asks for it. What an object is made with as
    its `url` is asked for when it completes itself.
    """
    modules={f: ast.parse(open(f).read()) for f in sorted(glob.glob(root+'/github/*.py'))}
    own={}; truth=set(); place={}
    def texts(e,local,cls,depth=0):
        if depth>6: return ['{}']
        if isinstance(e,ast.Constant): return [e.value] if isinstance(e.value,str) else ['{}']
        if isinstance(e,ast.JoinedStr):
            out=['']
            for v in e.values: # a full name is the owner's and the repository's
                parts=[v.value] if isinstance(v,ast.Constant) else ['{}/{}'] if 'full_name' in ast.unparse(v.value) else texts(v.value,local,cls,depth+1)
                out=[o+p for o in out for p in parts]
            return out
        if isinstance(e,ast.BinOp) and isinstance(e.op,ast.Add): return [a+b for a in texts(e.left,local,cls,depth+1) for b in texts(e.right,local,cls,depth+1)]
        if isinstance(e,ast.Name): return local.get(e.id) or ['{}']
        # `self.url`, `self._url.value`: the object's own address
        words=ast.unparse(e)
        if words in ('self.url','self._url.value'): return own.get(cls) or ['(unknown)']
        return ['{}']
    for f,tree in modules.items():
        for c in [n for n in tree.body if isinstance(n,ast.ClassDef)]:
            for n in ast.walk(c):
                if isinstance(n,ast.Assign) and ast.unparse(n.targets[0])=='self._url' and isinstance(n.value,ast.Call) and n.value.args and isinstance(n.value.args[0],ast.JoinedStr):
                    own.setdefault(c.name,[]).extend(texts(n.value.args[0],{},c.name)); place.setdefault(c.name,[]).append((f,n.lineno))
    for f,tree in modules.items():
        for c in [n for n in tree.body if isinstance(n,ast.ClassDef)]:
            for fn in [n for n in c.body if isinstance(n,ast.FunctionDef)]:
                local={}; names=fn.args.args
                for a,d in zip(names[len(names)-len(fn.args.defaults):],fn.args.defaults):
                    if isinstance(d,ast.Constant) and isinstance(d.value,str): local[a.arg]=[d.value,'{}']
                add=lambda verb,e: [truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,verb,norm('/'+re.sub(r'^https?://[^/]*','',t).lstrip('/')))) for t in texts(e,local,c.name) if not t.startswith(('(','{'))]
                for n in sorted((n for n in ast.walk(fn) if hasattr(n,'lineno')),key=lambda n: (n.lineno,n.col_offset)):
                    if isinstance(n,ast.Assign) and isinstance(n.targets[0],ast.Name):
                        got=[t for t in texts(n.value,local,c.name) if t not in ('{}','(unknown)')]
                        if got and '{' not in n.targets[0].id: local[n.targets[0].id]=got if n.targets[0].id not in local else local[n.targets[0].id]+got
                    if not isinstance(n,ast.Call): continue
                    name=n.func.attr if isinstance(n.func,ast.Attribute) else getattr(n.func,'id','')
                    word={k.arg: k.value for k in n.keywords}
                    if name.startswith('request') and n.args and isinstance(n.args[0],ast.Constant) and str(n.args[0].value) in ('GET','POST','PUT','PATCH','DELETE'):
                        url=n.args[1] if len(n.args)>1 else word.get('url')
                        if url is not None:
                            add(n.args[0].value,url)
                            # the base class asks for whatever address the object has
                            if c.name in ('GithubObject','CompletableGithubObject') and ast.unparse(url)=='self._url.value':
                                for cls,known in own.items():
                                    for t in known: truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,n.args[0].value,norm(t)))
                                    for file,line in place[cls]: truth.update((file[len(root)+1:],line,line+1,n.args[0].value,norm(t)) for t in known)
                    elif name=='PaginatedList':
                        url=word.get('firstUrl') or (n.args[2] if len(n.args)>2 else None)
                        if url is not None: add('GET',url)
                    elif name[:1].isupper() and 'url' in word: add('GET',word['url'])
    return truth
def pygithub(j,root,document):
    truth=set(); every=set()
    for f in glob.glob(root+'/github/*.py'):
        t=open(f).read()
        for fn in ast.walk(ast.parse(t)):
            if isinstance(fn,(ast.FunctionDef,)):
                doc=ast.get_docstring(fn) or ''
                src=ast.get_source_segment(t,fn)
                body=src.replace(doc,'')
                for m,p in re.findall(r'(?:`+|:calls: )(GET|POST|PUT|PATCH|DELETE) (/[^ `]+)',doc):
                    every.add((f[len(root)+1:],fn.lineno,fn.end_lineno,m,norm(p)))
                    # the path stands here: its first word is in a string of the body
                    first=p.strip('/').split('/')[0]
                    if re.search(r'["\']/?'+re.escape(first)+r'\b',body): truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,m,norm(p)))
    # What the document does not have cannot be matched with it.
    known=operations(document); gone={t for t in truth if t[3:] not in known}
    print(f"not in the document: {len(gone)} of {len(truth)}")
    report(j,truth-gone,[c for c in calls(j) if c['confidence']!='low' and c.get('operation')],every|of_document(pygithub_code(root),document,quiet=True))
def github3(j,root,document):
    # `_build_url("repos", owner, ...)` without another object's address before it, and what is asked with it in the same function
    verbs={'_get':'GET','_post':'POST','_put':'PUT','_patch':'PATCH','_delete':'DELETE','get':'GET','post':'POST','put':'PUT','patch':'PATCH','delete':'DELETE','head':'HEAD','_iter':'GET','GitHubIterator':'GET','SearchIterator':'GET'}
    truth=set()
    def built(e,local):
        # every text that an address may be
        if isinstance(e,ast.Name): return local.get(e.id,[])
        if isinstance(e,ast.IfExp): return built(e.body,local)+built(e.orelse,local)
        if not (isinstance(e,ast.Call) and isinstance(e.func,ast.Attribute) and e.func.attr in ('_build_url','build_url')): return []
        if any(k.arg=='base_url' for k in e.keywords) or any(isinstance(a,ast.Starred) for a in e.args): return []
        out=['']
        for a in e.args:
            word=[a.value] if isinstance(a,ast.Constant) and isinstance(a.value,str) else [v.value for v in (a.body,a.orelse)] if isinstance(a,ast.IfExp) and all(isinstance(v,ast.Constant) for v in (a.body,a.orelse)) else local.get('text '+a.id,['{}']) if isinstance(a,ast.Name) else ['{}']
            out=[o+'/'+w for o in out for w in word]
        return out
    for f in sorted(glob.glob(root+'/src/github3/**/*.py',recursive=True)):
        for fn in [n for n in ast.walk(ast.parse(open(f).read())) if isinstance(n,ast.FunctionDef)]:
            local={}
            for n in sorted((n for n in ast.walk(fn) if hasattr(n,'lineno')),key=lambda n: (n.lineno,n.col_offset)):
                if isinstance(n,ast.Assign) and isinstance(n.targets[0],ast.Name):
                    name=n.targets[0].id
                    local.setdefault(name,[]).extend(built(n.value,local))
                    if isinstance(n.value,ast.Constant) and isinstance(n.value.value,str): local.setdefault('text '+name,[]).append(n.value.value)
                if not (isinstance(n,ast.Call)): continue
                called=n.func.attr if isinstance(n.func,ast.Attribute) else getattr(n.func,'id','')
                if called not in verbs or not n.args: continue
                at=1 if called=='_iter' or called.endswith('Iterator') else 0
                url=n.args[at] if len(n.args)>at else next((k.value for k in n.keywords if k.arg=='url'),None)
                for p in built(url,local) if url is not None else (): truth.add((f[len(root)+1:],fn.lineno,fn.end_lineno,verbs[called],norm(p)))
    report(j,of_document(truth,document),[c for c in calls(j) if c['confidence']!='low' and c.get('operation') and '/src/' in c['file']])
def github_api(j,root,doc):
    # every `_request`, `_requestAllPages`, `_request204or404`: a method and a path, both written there; what a user is asked for is also
    # asked for oneself (`__getScopedUrl`), and the four searches hand `_search` their last word
    truth=set(); mine={'':'/user','gists':'/gists','notifications':'/notifications'}
    whole=lambda e: '{}/{}' if re.search(r'__(fullname|repository)$',e) else '{}'
    for f in sorted(glob.glob(root+'/dist/components/*.js')):
        code=open(f).read(); add=lambda m,v,p: truth.add((f[len(root)+1:],*[code.count('\n',0,m.start())+1]*2,v,norm(p)))
        for m in re.finditer(r"\b_?this\d*\._request(AllPages|204or404|)\((.*)",code):
            args=[a.strip("'") for a in go_split(re.sub(r"'([^']*)'",lambda t: "'"+t[1].replace(',',' ')+"'",m[2]))]
            verb=args.pop(0).upper() if not m[1] else args[3] if m[1]=='204or404' and len(args)>3 else 'GET'
            scoped=re.match(r"this\.__getScopedUrl\('(\w*)",args[0])
            if scoped: add(m,verb,'/users/{}/'+scoped[1]); add(m,verb,mine.get(scoped[1],'/user/'+scoped[1])); continue
            path=''.join(t if t.startswith('/') or '...' in t else whole(t) for t in re.split(r"'?\s*\+\s*'?",args[0].removesuffix(' + branch')))
            if path not in ('{}','/search/{}'): add(m,verb,path)
        for m in re.finditer(r"this\._search\('(\w+)'",code): add(m,'GET','/search/'+m[1])
    # the bundles beside are the same once more
    report(j,of_document(truth,doc),[c for c in calls(j) if c['confidence']!='low' and '/components/' in c['file']])
def octokit(j,root):
    truth=set()
    for f in glob.glob(root+'/**/*.js',recursive=True):
        for n,line in enumerate(open(f),1):
            for m,p in re.findall(r'"(GET|POST|PUT|PATCH|DELETE) (/[^" ]*)"',line): truth.add((f[len(root)+1:],n,n,m,norm(p)))
    report(j,truth,[c for c in calls(j) if c['confidence']!='low'])
OPERATIONS={}
def of_document(truth,doc,quiet=False):
    # a path as it is sent, made the document's own template; what the document does not have is left out, and counted
    if doc.startswith('new:'):
        # no document is published: one of the client's own paths, which tells what is missed but not what is invented elsewhere
        paths={}
        for _,_,_,m,p in truth:
            numbers=iter(range(99)); p=re.sub(r'\{[^}]*\}',lambda _: '{p%d}'%next(numbers),p)
            if p.strip('/') and not p.strip('/').startswith('{'): paths.setdefault(p,{})[m.lower()]={'parameters':[{'name':'p%d'%n,'in':'path','required':True,'schema':{'type':'string'}} for n in range(p.count('{'))],'responses':{'200':{'description':'ok'}}}
        json.dump({"servers":[{"url":os.environ.get("SERVER","/")}],"openapi":"3.0.3",'info':{'title':'made from a client','version':'1'},'paths':paths},open(doc[4:],'w'),indent=1); sys.exit()
    ops=OPERATIONS.setdefault(doc,{})
    for p,item in json.load(open(doc))['paths'].items() if not ops else ():
        for m in item:
            if m in ('get','post','put','patch','delete','head','options'): ops.setdefault((m.upper(),len(p.strip('/').split('/'))),[]).append(p)
    out=set(); gone=set()
    for f,a,b,m,p in truth:
        want=p.strip('/').split('/')
        fit=[q for q in ops.get((m,len(want)),[]) or ops.get(('GET' if m=='HEAD' else m,len(want)),[]) if all(y.startswith('{') or re.fullmatch(re.escape(y),x) for x,y in zip(want,q.strip('/').split('/')))]
        # a literal counts more than a parameter, from the left
        fit.sort(key=lambda q:[(s.startswith('{'),norm(s)!=x) for s,x in zip(q.strip('/').split('/'),want)])
        if fit: out.add((f,a,b,m,norm(fit[0])))
        else: gone.add((f,a,m,p))
    if not quiet: print('not in the document:',len(gone))
    if os.environ.get('GONE') and not quiet:
        for g in sorted(gone): print('  gone',g)
    return out
def go_functions(root):
    for f in sorted(glob.glob(root+'/**/*.go',recursive=True)):
        if f.endswith('_test.go'): continue
        lines=open(f,errors='replace').read().split('\n'); start=None
        for n,l in enumerate(lines,1):
            if l.startswith('func '): start=n
            if l=='}' and start: yield f[len(root)+1:],start,n,lines[start-1:n]; start=None
GO_VERB={'http.Method'+v.title():v for v in ('GET','POST','PUT','PATCH','DELETE','HEAD','OPTIONS')}
def go_path(e):
    m=re.search(r'(?:fmt\.)?Sprintf\(\s*"([^"]*)"(.*)',e)
    if m:
        given=iter(go_split(m[2].lstrip(', ')))
        return re.sub(r'%[+#]?[a-z]',lambda _: '{'+next((x for x in given),'')+'}',m[1])
    m=re.match(r'\s*"([^"]*)"(.*)',e)
    if not m: return None
    out=m[1]; rest=m[2]
    for piece in re.split(r'\s*\+\s*',rest)[1:]:
        q=re.match(r'"([^"]*)"',piece); out+=q[1] if q else '{}'
    return out
def go_split(s):
    # the arguments of a call, up to its closing parenthesis
    out=[''] ; depth=0; text=False
    for c in s:
        if c=='"': text=not text
        if not text:
            if c in '([{': depth+=1
            if c in ')]}':
                depth-=1
                if depth<0: break
            if c==',' and depth==0: out.append(''); continue
        out[-1]+=c
    return [x.strip() for x in out]
def go(j,root,doc,asked='NewRequest'):
    # every function: what the variable that NewRequest gets was assigned (deeper indented is one branch of it); a function whose
    # path or method is a parameter is asked at its callers
    requests=asked.split(',')
    functions=list(go_functions(root)); truth=set()
    # name -> (index of the method or the method, index of the path, text before it)
    helpers={name:(0,1,'') for name in requests}; done=set()
    while True:
        found=dict(helpers); truth=set()
        for f,a,b,src in functions:
            m=re.match(r'func (?:\(\w+ [^)]*\) )?(\w+)(?:\[[^\]]*\])?\((.*)',src[0])
            if not m or m[1] in requests: continue
            name=m[1]; params=[x.split(' ')[0] for x in go_split(m[2])]
            vals={}; joined='\n'.join(src)
            for l in src[1:]:
                ind=len(l)-len(l.lstrip('\t'))
                m=re.match(r'\s*(?:var |const )?(\w+)(?:, err)?(?: string)? :?\+?= (.*)',l)
                if m:
                    e=re.sub(r'^(?:addOptions|addOptionsWithTemplate)\(','',m[2]); p=go_path(e)
                    if '+=' in l and p is not None: vals[m[1]]={q+p for q in vals.get(m[1],())}|(vals.get(m[1],set()) if ind>1 else set())
                    elif p is not None: vals[m[1]]={p}|(vals.get(m[1],set()) if ind>1 and ':=' not in l else set())
                    elif re.match(r'(\w+), ',e) and re.match(r'\w+',e)[0] in params: vals[m[1]]={'{'+re.match(r'\w+',e)[0]+'}'}
                    elif re.match(r'^\w+(, |$)',e): vals[m[1]]=vals.get(re.match(r'\w+',e)[0],vals.get(m[1],set()))
                for m in re.finditer(r'(?<![\w"])(?:\w+\.)*(\w+)(?:\[[^\]]*\])?\(',l):
                    if m[1] not in helpers or l.startswith('func'): continue
                    args=[x for x in go_split(l[m.end():])]
                    if args and re.match(r'(ctx|context\.\w+\(\)|r\.Context\(\))$',args[0]) : args=args[1:]
                    verb,at,_=helpers[m[1]]
                    v=verb if isinstance(verb,str) else args[verb] if verb<len(args) else ''
                    e=args[at] if at<len(args) else ''
                    v=GO_VERB.get(v.strip('"'),v.strip('"'))
                    p=go_path(re.sub(r'^(?:addOptions|addOptionsWithTemplate)\(','',e)); q=re.match(r'\w*',e)[0]
                    own=[x for x in params if x!='ctx']
                    if v in own:
                        if q in own: found[name]=(own.index(v),own.index(q),'')
                        continue
                    if not re.fullmatch('[A-Z]+',v): continue
                    if p is None and q in own and q not in vals: found[name]=(v,own.index(q),''); continue
                    for p in ({p} if p is not None else vals.get(q,())):
                        # the path that the callers give, through addOptions
                        own_path=re.fullmatch(r'\{(\w+)\}',p)
                        if own_path and own_path[1] in own: found[name]=(v,own.index(own_path[1]),'')
                        else: truth.add((f,a,b,v,norm('/'+p.lstrip('/'))))
        found={k:v for k,v in found.items() if v}
        if found==helpers: break
        helpers=found
    truth=of_document(truth,doc)
    report(j,truth,[c for c in calls(j) if c['confidence']!='low'])
RUBY_TEXT=r'"(?:[^"#]|#\{(?:[^{}]|\{[^}]*\})*\}|#)*"|\'[^\']*\''
def ruby_methods(root,folder):
    # (file, first line, last line, name, parameters, lines) of every method
    for f in sorted(glob.glob(root+'/**/'+folder+'/*.rb',recursive=True)):
        start=None
        for n,l in enumerate(open(f),1):
            m=re.match(r'( *)def ([\w?!.]+)(.*)',l)
            if m: start=n; name=m[2].split('.')[-1]; end=m[1]+'end'; lines=[]; params=re.findall(r'(\w+)(?=\s*(?:[,)=]|$))',re.sub(r'=[^,)]*','',m[3]).strip())
            elif start and l.rstrip()==end: yield f[len(root)+1:],start,n,name,params,lines; start=None
            elif start and not l.strip().startswith('#'): lines.append(l)
def ruby(j,root,doc,folder='lib/octokit/client'):
    # what stands in a method of the client's folder: the helper's name, and the text after it. A method whose path or a part
    # of it is a parameter is asked at its callers, and what a method of the folder puts together is read there
    own=[(r'Repository\.path.*|Repository\.new.*\.path|repository_path.*',['repos/{}/{}']),(r'Repository\.new\(.*\)',['{}/{}']),(r'Organization\.path.*',['orgs/{}']),(r'User\.path.*',['users/{}','user/{}','(own)'])]
    methods=list(ruby_methods(root,folder)); helpers={}; builders={}; truth=set(); sometimes={}
    def hole(m,local,params):
        m=m.strip()
        for pattern,paths in own:
            if re.fullmatch(pattern,m): return paths
        call=re.match(r'(\w+)\((.*)\)$',m)
        if call and call[1] in builders: return put(builders[call[1]],go_split(call[2]),local,params)
        if m in sometimes.get(id(local),()): return local[m]+['']
        return local.get(m) or (['{%s}'%m] if m in params else ['{}'])
    def text(s,local={},params=()):
        out=['']
        for literal,inner in re.findall(r'((?:[^#]|#(?!\{))+)|#\{((?:[^{}]|\{[^}]*\})*)\}',s):
            out=[o+x for o in out for x in ([literal] if literal else hole(inner,local,params))]
        return out
    def put(known,args,local,params):
        # the texts of a helper with the arguments of a call in them
        names,texts=known; out=texts
        for name,arg in zip(names,args):
            given=text(arg[1:-1],local,params) if arg[:1] in '"\'' and arg else ['{}']
            out=[t.replace('{%s}'%name,g) for t in out for g in given]
        return out
    def read(params,lines):
        local={}; got=[]; whole=[]; wrapped=[]; sometimes.clear()
        for l in lines:
            m=re.match(r"\s*(\w+) (\+?=|<<) (.*)",l)
            if m:
                made=re.fullmatch(r'Repository\.new\(.*\)|Repository\.new \w+',m[3].strip())
                texts=[x for part in re.findall(RUBY_TEXT,m[3]) for x in text(part[1:-1],local,params)]
                if made: local[m[1]]=['{}/{}']
                elif m[2]=='=' and ' if ' in m[3] and m[1] not in local: local[m[1]]=texts; sometimes.setdefault(id(local),set()).add(m[1])
                elif m[2]=='=': local.setdefault(m[1],[]).extend(x for x in texts if m[3][0] in '"\'' or '?' in m[3])
                else: local[m[1]]=[o+x for o in local.get(m[1],[]) for x in texts]+(local.get(m[1],[]) if ' if ' in m[3] or ' unless ' in m[3] else [])
            m=re.fullmatch(r'\s*('+RUBY_TEXT+r')\s*',l)
            if m: whole+=text(m[1][1:-1],local,params)
            m=re.search(r"(?:(?<![\w.:])|(?<=\)\.))(get|post|put|patch|delete|head|paginate|boolean_from_response\(?\s*:(\w+),|request\(?\s*:(\w+),)[ (]\s*("+RUBY_TEXT+r"|User\.path|Organization\.path|Repository\.path|\w+\([^()]*\)|\w+)",l)
            if m:
                v=(m[2] or m[3] or {'paginate':'get'}.get(m[1],m[1])).upper(); e=m[4]
                for p in (text(e[1:-1],local,params) if e[0] in '"\'' else hole(e,local,params) if '.' in e or '(' in e else local.get(e) or (['{%s}'%e] if e in params else [])): got.append((v,p))
            m=re.match(r'\s*(?:return )?(\w+)(?:\(| +(?![=+<| ]))(.*)',l)
            if m and m[1] in helpers: wrapped.append((m[1],go_split(m[2])))
        for name,args in wrapped:
            # what is only handed on stands in the helper
            for v,known in helpers[name] if any(arg[:1] in '"\'' for arg in args if arg) else (): got+=[(v,p) for p in put((known[0],[known[1]]),args,local,params)]
        return got,whole
    def open_in(p,params): return any('{%s}'%x in p for x in params)
    for _ in range(3):
        for _,_,_,name,params,lines in methods:
            got,whole=read(params,lines)
            asks=[(v,(params,p)) for v,p in got if p.startswith('{') and open_in(p,params) or '/{' in p and open_in(p,params)]
            called=any(re.match(r'\s*(?:return )?%s(?:\(| +(?![=+<| ]))'%re.escape(name),l) for *_,other in methods if other is not lines for l in other)
            if asks and called: helpers[name]=asks
            elif whole and not got: builders[name]=(params,whole)
    for f,a,b,name,params,lines in methods:
        for v,p in read(params,lines)[0]:
            if p.startswith('{') and open_in(p[:p.find('}')+1],params): continue # its callers say it
            truth.add((f,a,b,v,norm('/'+re.sub(r'\{\w+\}','{}',p).lstrip('/'))))
    # the user who asks, where the document has such a path
    known={(m.upper(),norm(p)) for p,item in json.load(open(doc))['paths'].items() for m in item} if not doc.startswith('new:') else set()
    truth={(f,a,b,v,p.replace('(own)','user')) for f,a,b,v,p in truth if '(own)' not in p or (v,p.replace('(own)','user')) in known}
    said=truth; truth=of_document(truth,doc)
    report(j,truth,[c for c in calls(j) if c['confidence']!='low' and ('/'+folder+'/') in c['file']],None,said=said)
def script(j,root,doc,ends='.ts'):
    # `client.get(`/x/${id}`)`, with a tag or types or without, and `{ url: `/x`, method: 'GET' }`, of any length
    truth=set(); text=r'(?:path)?(`[^`]*`|"[^"\n]*"|\'[^\'\n]*\')'
    for f in sorted(glob.glob(root+'/**/*'+ends,recursive=True)):
        if f.endswith('.d.ts') or '.test.' in f: continue
        code=re.sub(r'/\*.*?\*/',lambda m: re.sub(r'[^\n]',' ',m[0]),open(f,errors='replace').read(),flags=re.S)
        for m in re.finditer(r'[.](get|post|put|patch|delete|getAPIList|getRequest|postRequest|putRequest|deleteRequest)(?:<[^()]*?>)?\(\s*'+text,code):
            at=m.start(2); v=re.match('get|post|put|patch|delete',m[1])[0].upper()
            # a list that is asked for with another method says so behind the path
            other=re.search(r"\bmethod: '(\w+)'",code[m.end():m.end()+400].split(');')[0]); v=other[1].upper() if other else v
            found=[(v,m[2],at)]
            # a word alone is a key of something, but for helpers that are named for it
            for v,p,at in found if '/' in m[2] or m[1].endswith('Request') else []: truth.add((f[len(root)+1:],code.count('\n',0,at)+1,code.count('\n',0,at)+1+p.count('\n'),v,script_path(p)))
        for m in re.finditer(r'\burl: '+text+r",\s*method: '(\w+)'",code):
            n=code.count('\n',0,m.start())+1; truth.add((f[len(root)+1:],n,n,m[2],script_path(m[1])))
    truth=of_document(truth,doc)
    report(j,truth,[c for c in calls(j) if c['confidence']!='low'])
def script_path(p):
    p=re.sub(r'\$\{[^}]*\}','{}',p[1:-1])
    # what is glued to the end is a query
    return norm('/'+re.sub(r'(?<=[^/])\{\}$','',p).lstrip('/'))
def rust(j,root,doc):
    # functions and `impl Endpoint`: the endpoint that a doc comment names, or the method and the text of a path in it
    truth=set()
    for f in sorted(glob.glob(root+'/**/*.rs',recursive=True)):
        lines=open(f,errors='replace').read().split('\n'); start=None; said=None
        for n,l in enumerate(lines,1):
            if l.strip().startswith('#[cfg(test)]'): break
            m=re.search(r'performs a `(\w+)` to the `([^`]*)` endpoint',l)
            if m: said=(m[1],m[2])
            m=re.match(r'( *)(?:pub )?(?:async )?(?:fn \w+|impl.* Endpoint for .*\{)',l)
            if m and start is None and (m[1] or 'impl' in l): start=n; end=m[1]+'}'; continue
            if start and l.rstrip()==end:
                code='\n'.join(x for x in lines[start-1:n] if not x.strip().startswith('//'))
                if said: truth.add((f[len(root)+1:],start,n,said[0],norm(said[1])))
                else:
                    verb=re.search(r'method: "(\w+)"|Method::(GET|POST|PUT|PATCH|DELETE)\b',code)
                    for p in re.findall(r'"(\{\}/[\w.-]+[^" ]*|/?[\w.-]+/[^" ]*)"',code) if verb else []:
                        p=re.sub(r'\?.*','',p); p=p[2:] if p.startswith('{}/') else p
                        truth.add((f[len(root)+1:],start,n,verb[1] or verb[2],norm('/'+re.sub(r'\{[^}]*\}','{}',p).lstrip('/'))))
                start=None; said=None
    truth=of_document(truth,doc)
    report(j,truth,[c for c in calls(j) if c['confidence']!='low'])
def octocrab(j,root,doc):
    # what a type is written as may hold slashes ("heads/x"): one parameter of the document takes them
    from octocrab import truth as read
    truth=set(); also={}; gone=set()
    for t,places in read(root).items():
        want=t[4].strip('/').split('/')
        for last in range(len(want),min(1,len(want)-1),-1):
            path='/'+'/'.join(want[:last])+('/{}' if last<len(want) else '')
            if last<len(want) and not {*want[last:-1]}<={'heads','tags','refs','{}'} or last<len(want)-1 and want[last] not in ('heads','tags','refs'): break
            fit={f for f in of_document({t[:4]+(path,)},doc,quiet=True) if f[4].count('{}')==path.count('{}')}
            if fit: break
        if not fit: gone.add(t)
        for f in fit: truth.add(f); also.setdefault(f,set()).update(places)
    print('not in the document:',len(gone))
    if os.environ.get('GONE'):
        for g in sorted(gone): print('  gone',g)
    report(j,truth,[c for c in calls(j) if c['confidence']!='low' and c.get('operation') and '/src/' in c['file']],None,also)
def digitalocean_truth(root):
    # every get_data: its path, with {} where something is put in, and its type; a path in a variable counts with all that it is
    # given, and a type that is a parameter is that of the callers
    def text(e):
        if isinstance(e,ast.Constant) and isinstance(e.value,str): return e.value
        if isinstance(e,ast.BinOp) and isinstance(e.op,ast.Mod): return re.sub(r'%[sd]','{}',text(e.left) or '')
        if isinstance(e,ast.BinOp) and isinstance(e.op,ast.Add): return (text(e.left) or '{}')+(text(e.right) or '{}')
        if isinstance(e,ast.JoinedStr): return ''.join(v.value if isinstance(v,ast.Constant) else '{}' for v in e.values)
    truth=set()
    for f in sorted(glob.glob(root+'/digitalocean/*.py')):
        if f.endswith('Metadata.py'): continue # another server
        functions=[fn for fn in ast.walk(ast.parse(open(f).read())) if isinstance(fn,ast.FunctionDef)]
        for fn in functions:
            given={}
            for n in ast.walk(fn):
                if isinstance(n,ast.Assign) and isinstance(n.targets[0],ast.Name) and text(n.value): given.setdefault(n.targets[0].id,[]).append(text(n.value))
            for n in ast.walk(fn):
                if not (isinstance(n,ast.Call) and isinstance(n.func,ast.Attribute) and n.func.attr=='get_data' and n.args): continue
                kinds=[k.value for k in n.keywords if k.arg=='type']+n.args[1:2]
                method=(text(kinds[0]) or getattr(kinds[0],'id','?')) if kinds else 'GET'
                asked=[(fn,method)]
                names=[a.arg for a in fn.args.args]
                if method in names:
                    at=names.index(method)-1 # without self
                    calls_=[(other,c) for other in functions for c in ast.walk(other) if isinstance(c,ast.Call) and isinstance(c.func,ast.Attribute) and c.func.attr==fn.name]
                    asked=[(other,text(v)) for other,c in calls_ for v in [k.value for k in c.keywords if k.arg==method]+c.args[at:at+1] if text(v)]
                for home,method in asked:
                    if not method.isupper(): continue
                    for p in [text(n.args[0])] if text(n.args[0]) else given.get(getattr(n.args[0],'id',''),[]):
                        truth.add((f[len(root)+1:],home.lineno,home.end_lineno,method,norm('/v2/'+p.split('?')[0].strip('/'))))
    return truth
def digitalocean_document(root):
    paths={}
    for *_,method,path in sorted(digitalocean_truth(root)):
        names=iter(range(99)); paths.setdefault(re.sub(r'\{\}',lambda _: '{p%d}'%next(names),path),{})[method.lower()]={"responses":{"200":{"description":"ok"}}}
    print(json.dumps({"openapi":"3.0.0","info":{"title":"droplets","version":"2"},"paths":paths}))
def digitalocean(j,root):
    report(j,digitalocean_truth(root),[c for c in calls(j) if c['confidence']!='low'])
if __name__=='__main__':
    k,*rest=sys.argv[1:]; globals()[k](*rest)
